import type { ScanMessages } from './zh.ts';

export default {
  invitation:
    'This is an invitation to connect to a licensing system. The trust data are taken from this site alone, and the fingerprint is compared all the same.',
  toJoin: 'Open the invitation',
  heading: 'Scan the code of a licence',
  hint: 'Bring the code into the frame. Everything is checked on this device, offline too.',
  starting: 'Opening the camera',
  noCamera: 'No camera is there or it may not be used. You can upload a photo instead.',
  tryAgain: 'Try again',
  photo: 'Upload a photo',
  reading: 'Reading',
  torchOn: 'Light on',
  torchOff: 'Light off',
  again: 'Scan next',
  verdicts: {
    valid: 'Valid. Issued by {authority}. In force until {until}.',
    invalid: 'The signature does not verify. Do not trust what the code says.',
    expired: 'The signature is valid, but the licence expired on {until}.',
    revoked: 'The licence was revoked. It must not be used.',
    suspended: 'The licence is suspended. It cannot be used now.',
    used: 'The licence is used up.',
    'unknown-issuer': 'This device does not know the issuer and cannot tell.',
    stale:
      'Valid according to trust data of {asOf}, which are out of date. Update before deciding.',
    'not-a-licence': 'This is not the code of a licence.',
    'no-code': 'No code was found in the photo. Move closer, focus, and try again.',
  },
  reasons: {
    'issuer-role-ended':
      'The issuer has left that office, and no status list on this device counts this licence: it may have been signed afterwards. Update the trust data, or ask the issuing authority.',
    'issuer-role-compromised':
      'The key of the issuer was in wrong hands, so the date in the code proves nothing. Ask the issuing authority.',
    'issuer-role-not-yet':
      'The issuer did not hold that office yet on the date of issue. Do not rely on it, and ask the issuing authority.',
    'not-in-list':
      'The signature is valid, but a status list that the authority published later does not count this licence. Update the trust data, or ask the issuing authority.',
    'status-missing':
      'The signature is valid, but this device has no status list for this licence and cannot tell whether it was revoked. Update before deciding.',
  },
  provenBy: {
    log: 'Date of issue: supported by the official record.',
    claim: 'Date of issue: as the code itself states.',
  },
  notPaper: 'The code proves the content, not this sheet: compare each field with the paper.',
  trustAge: (date) => `Trust data of ${date}`,
  noTrust: 'This device is not connected to a licensing system and trusts no issuer.',
  joinFirst: 'Connect to a licensing system',
  unproven: {
    title: 'What follows is unproven',
    text: 'It is only what the code says of itself. Anybody can make a code that says the same; this device has no trust data of the issuer and cannot tell. Do not rely on it.',
    mark: 'The code claims:',
    how: 'How to find out',
    steps: [
      'Ask the issuing authority for a link to connect or for its trust data file (.asice); online, scanning the invitation that it publishes does as well.',
      'Before you connect, compare the fingerprint by telephone or with its public notice.',
      'Once connected, scan again: whether it is genuine and in force is then shown.',
    ],
    open: 'Drop the trust data file',
  },
  content: 'Content of the code',
  fields: {
    type: 'Licence',
    number: 'Licence No.',
    validUntil: 'Expiry date',
    importer: 'Importer',
    consignee: 'Consignee',
    tradeMode: 'Terms of trade',
    ports: 'Place of clearance',
    tradeCountry: 'Country/Region of trade',
    originCountries: 'Country/Region of origin',
    goods: 'Description of goods',
    hs: 'Code of goods',
    quantity: 'Total quantity',
    amount: 'Amount',
    amountUsd: 'Amount in USD',
    contract: 'Contract No.',
    authority: 'Issuing authority',
    issuedOn: 'Licence date',
    uses: 'Use',
  },
  line: (n) => `Line ${n}`,
  moreLines: (n) => `${n} more lines are not in the code; see the licence itself.`,
  shortened: 'Some text in the code was shortened and ends in “…”.',
  single: 'One declaration',
  multiple: (n) => `Up to ${n} declarations`,
  pilot: 'A pilot licence without legal force.',
  records: {
    same: 'This device holds the issue of this licence, and it is of this code. State: {state} (data as of {asOf}).',
    other:
      'The issue on this device is not of this code: something else was issued under this number. Do not rely on it.',
    notHere:
      'This device does not hold the issue of this licence, so the register was not asked (data as of {asOf}).',
    never: 'never synced',
  },
  recordUse: 'Record a use',
  toTexture: 'Compare the texture under the seal',
  technical: 'Technical note',
} satisfies ScanMessages;
