import type { PartyMessages } from './zh.ts';

export default {
  heading: 'People and mandates',
  people: 'People and certificates of this enterprise',
  peopleText:
    'Everybody works with an electronic key of their own. What each may do, the registrar decides.',
  you: (name) => `${name} (you)`,
  inSeal: 'may stamp',
  notInSeal: 'not in the seal yet; added when the seal is renewed',
  until: (date) => `certificate valid until ${date}`,
  states: { 'in-force': 'valid', revoked: 'revoked', expired: 'expired' },
  more: 'Add somebody',
  moreSteps: [
    'Your colleague opens this system on a device of their own, connects with the same trust data, and makes an enterprise of the same name and unified social credit code.',
    'Under “Registration” they enter their own name as the contact and send it.',
    'Once the registrar has approved, they work with their own electronic key; your device hands them what was sent before, with its next sync.',
  ],
  waits: (n, from) =>
    `${n} contents from before you were registered cannot be opened yet: once the device of ${from || 'the registrar'} has synced, they are handed to you.`,
  fresh: (names) =>
    `New people of this enterprise: ${names}. If you do not know them, call the registrar at once.`,
  freshSeen: 'Understood',
  given: 'Mandates given',
  givenText:
    'Until the date, a customs broker may act for this enterprise; every step names the broker.',
  noneGiven: 'No other enterprise acts for this one.',
  received: 'Mandates received',
  receivedText:
    'You may fill in applications for these enterprises: choose for whom when you begin one.',
  noneReceived: 'No enterprise has asked you to act for it.',
  holds: (date) => `valid until ${date}`,
  over: 'taken back, or over',
  give: 'New mandate',
  broker: 'Unified social credit code of the broker',
  brokerHint: '18 characters; compare them with the broker.',
  end: 'Until',
  giveNow: 'Sign the mandate',
  take: 'Take back',
  takeTitle: (name) => `Take back the mandate of “${name}”`,
  takeText:
    'After that the broker cannot act for this enterprise any more; what was done before stays.',
  given1: 'Signed; it takes effect with the next sync.',
  taken: 'Taken back; it takes effect with the next sync.',
  onlyManager: 'Only somebody who may “manage seal and data” gives mandates.',
  successor: (name, uscc) => `“${name}” (${uscc}) has taken over the code of this enterprise.`,
} satisfies PartyMessages;
