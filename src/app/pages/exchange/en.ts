import type { ExchangeMessages } from './zh.ts';

export default {
  heading: 'Exchange',
  text: 'Every step is a signed package. Exchange over the network, or carry packages as files.',
  state: 'Over the network',
  endpoint: 'Address of the server',
  endpointHint:
    'Leave empty to exchange by file only. A server keeps data; it cannot forge it or read what is confidential.',
  saveEndpoint: 'Save address',
  sync: 'Exchange now',
  last: (time) => `Last exchange ${time}`,
  never: 'No exchange yet',
  waiting: (n) => (n === 0 ? 'Nothing waits to be sent' : `${n} packages wait to be sent`),
  log: (n) => `Log read up to ${n}`,
  byFile: 'By file',
  drop: 'Give package files (.asice)',
  exportWaiting: 'Export what waits',
  exportAll: 'Export all packages',
  exportTrust: 'Export trust bundle',
  nothing: 'There is nothing to export.',
  saved: (n) => `${n} files saved.`,
  imported: (accepted, known) => `${accepted} taken in, ${known} known already.`,
  refused: (n) => `${n} files were not taken in:`,
} satisfies ExchangeMessages;
