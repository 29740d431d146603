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
  clockWrong: (minutes, ahead) =>
    `The clock of this device is ${
      minutes < 120 ? `${minutes} minutes` : `${Math.round(minutes / 60)} hours`
    } ${ahead ? 'ahead of' : 'behind'} the server. Syncing works all the same, but every step that you take carries the wrong time: set the clock of your system before you go on.`,
  waiting: (n) => (n === 0 ? 'No package waits to be synced' : `${n} packages wait to be synced`),
  log: (n) => `Records read up to ${n}`,
  notTaken: (n) =>
    n === 1 ? 'The server did not accept 1 package' : `The server did not accept ${n} packages`,
  notTakenText:
    'They stay on this device and are tried again at each sync; they hold up none of the others. Where the reason will not go away, save the package as a file, then delete it here.',
  keepFile: 'Save as a file',
  discard: 'Delete',
  dropTitle: 'Delete a package that was not accepted',
  dropMeans:
    'This step exists on this device alone; the server never accepted it. Once deleted it is as if it had not happened: it is not shown here any more, steps that build on it do not count, and this cannot be undone. If it may be needed as evidence, save it as a file first.',
  dropped: 'Deleted.',
  gaps: 'Steps and contents that are not on this device',
  gapsText:
    'Sync over the network first; if you carry files, ask for all packages of these cases. What is damaged on the server comes back once a device that holds it has synced.',
  missingHeads: (n) => (n === 1 ? '1 earlier step is missing' : `${n} earlier steps are missing`),
  missingContents: (n) =>
    n === 1 ? '1 content could not be got' : `${n} contents could not be got`,
  damagedContents: (n) =>
    n === 1
      ? '1 content is missing or damaged on the server'
      : `${n} contents are missing or damaged on the server`,
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
