import type { ExchangeMessages } from './zh.ts';

export default {
  heading: 'Sync',
  text: 'Every step is a signed package. Sync over the network, or carry packages as files.',
  state: 'Sync over the network',
  endpoint: 'Address of the server',
  endpointHint:
    'Leave empty to pass files only. A server keeps data; it cannot forge it or read what is confidential.',
  saveEndpoint: 'Save address',
  sync: 'Sync now',
  last: (time) => `Last sync ${time}`,
  never: 'Not synced yet',
  waiting: (n) => (n === 0 ? 'No package waits to be synced' : `${n} packages wait to be synced`),
  log: (n) => `Records read up to ${n}`,
  byFile: 'By file',
  drop: 'Give package files (.asice)',
  exportWaiting: 'Export packages not synced yet',
  exportAll: 'Export all packages',
  exportTrust: 'Export trust data',
  nothing: 'There is nothing to export.',
  saved: (n) => `${n} files saved.`,
  imported: (accepted, known) => `${accepted} taken in, ${known} known already.`,
  refused: (n) => `${n} files were not taken in:`,
} satisfies ExchangeMessages;
