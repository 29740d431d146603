import type { SetupMessages } from './zh.ts';

export default {
  tryHeading: 'Try it',
  tryText:
    'Makes a whole deployment on this device: trust root, registration and seal making, first and second review, issue, inspection, and a sample enterprise. Keys, certificates and documents are real; they only have no legal force.',
  tryPoints: [
    'It takes a few seconds, all on this device, without a network.',
    'You can change between its people at any time, from applying for a seal to recording a use.',
    'Every page and every document is marked “pilot”.',
  ],
  tryStart: 'Make a pilot deployment',
  tryDone: 'The pilot is ready. Begin as the enterprise.',
  already: 'This device belongs to a deployment.',
  alreadyText:
    'A device belongs to one deployment at a time. Leave it in the settings to try again.',
  enter: 'Enter workspace',
  settings: 'Open the settings',
  joinHeading: 'Join a deployment',
  joinText:
    'Give the trust bundle of your authority. Before joining, compare the fingerprint over another channel: telephone, notice, visiting card.',
  drop: 'Give the trust bundle (.asice)',
  fingerprint: 'Fingerprint',
  compare: 'Compare it, group by group, with the fingerprint that the authority publishes.',
  compared: 'I compared it; the fingerprint is the same',
  deployment: 'Deployment',
  authority: 'Authority',
  issued: 'Issued',
  next: 'Next update',
  pilot: 'This is a pilot deployment; its certificates and documents have no legal force.',
  stale: 'The trust data are out of date; update soon after joining.',
  joinNow: 'Join',
  joined: 'Joined.',
} satisfies SetupMessages;
