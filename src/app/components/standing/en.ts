import type { StandingMessages } from './zh.ts';

export default {
  heading: 'Please note',
  notOnRoster: 'You are certified, but the published roster does not name you yet.',
  notOnRosterText:
    'Until then you cannot act, and no case comes to this device. Ask the root to publish new trust data; then sync this device once and start to work.',
  revoked: (at) => `Your certificate was revoked on ${at}.`,
  revokedStaff:
    'This key does nothing any more, and steps made with it from now on do not count. Make a new key, and give its request to the registrar.',
  revokedFirm:
    'This key does nothing any more, and steps made with it from now on do not count. Register a new key of the enterprise on the page of people. Licences that were issued stay as they are.',
  toPeople: 'Register a new key',
  noCertificate: 'You have no certificate yet, so no case comes to this device.',
  noCertificateText: 'Give your request file to the registrar, and install the answer here.',
  toStaff: 'Request file and answer',
  incomplete: 'This device does not have every case yet that you may see.',
  incompleteText:
    'What is listed now may be incomplete; an empty list does not mean that there is nothing. Sync over the network; this note goes when that is done.',
  missing: (n) =>
    n === 1
      ? 'One earlier step or content is not on this device.'
      : `${n} earlier steps or contents are not on this device.`,
  missingText: 'Steps that depend on them cannot be judged or read for now.',
  comma: ', ',
  roleKey: (group) => `You do not have the key for “${group}” yet.`,
  roleKeyText: {
    waiting: (names) =>
      names === ''
        ? 'Nobody in the group holds it any more. Until the root hands it on with the recovery key, old cases stay closed.'
        : `Until then cases stay closed. One of these has to come online once: ${names}. The key is handed on by itself; then sync here once more.`,
    coming: () => 'It was handed on: sync once, and cases open.',
    unfit: () =>
      'What was handed on does not open or does not fit. A new key follows as soon as somebody of the group is online.',
  },
  toExchange: 'Go to sync',
  refused: (n) =>
    n === 1
      ? 'One of your steps was not accepted, and counts on no device.'
      : `${n} of your steps were not accepted, and count on no device.`,
  toCase: 'Open the case',
  seen: 'Close',
  unread: '(its contents cannot be opened here)',
  unreadText:
    'The contents of this case cannot be opened on this device: they have not come yet, or are not enveloped to you. Fields that are empty here may well be filled in. Sync first; whoever is new waits until a device of the same group has synced once.',
  differs: 'The contents differ from the record of the issue',
  differsText: (what) =>
    `${what}: not what the record of the issue binds. What was reviewed is what that record binds; do not use this licence.`,
  differing: { licence: 'Licence data', token: 'QR code', pdf: 'Licence PDF' },
  joinWords: (words) => words.join(', '),
  revokeHint: 'An issuer should revoke this licence and tell its holder.',
  toRevoke: 'Go and revoke it',
  askRevoke: 'Tell an issuer, who can revoke this licence.',
  held: 'Not issued by itself:',
  waits: 'Automatic issue:',
} satisfies StandingMessages;
