import type zh from './zh.ts';

const en: typeof zh = {
  heading: 'Licences',
  none: 'No licences yet. They appear here once an application is approved and issued.',
  expires: 'Expiry date',
  holder: 'Importer',
  quantity: 'Quantity',
  used: 'Used',
  uses: (n, max) => `used ${n} of at most ${max} times`,
  issued: 'Licence date',
  number: 'Licence No.',
  document: 'Licence',
  print: 'Print',
  save: 'Save PDF',
  verify: 'Verify this licence',
  qr: 'QR code',
  qrText: 'Content of the QR code',
  copy: 'Copy',
  copied: 'Copied',
  useLog: 'Records of use',
  noUses: 'Not used yet.',
  declaration: 'Declaration No.',
  customs: 'Customs',
  date: 'Date',
  history: 'History',
  paper: 'Paper licence',
  serial: 'Serial of the sheet',
  collected: (name, time) => `Collected by ${name}, ${time}`,
  notCollected:
    'Not collected yet. Please collect it at the authority with a document of identity.',
  provisional: 'not in the log yet',
};

export default en;
