import type { TrustMessages } from './zh.ts';

export default {
  heading: 'Trust data',
  text: 'Who is trusted, for what, since when, and when the next update is due.',
  fingerprint: 'Fingerprint of the licensing system',
  issued: 'Issued',
  next: 'Next update',
  seq: 'Number',
  stale: 'The trust data are out of date; update before relying on what follows from them.',
  anchors: 'Trusted authorities',
  certifies: 'May certify',
  until: 'Valid until',
  kinds: {
    enterprise: 'enterprises',
    staff: 'staff',
    'seal-maker': 'seal makers',
    'time-stamp': 'time stamps',
  },
  roster: 'People and roles',
  policy: 'Policy',
  compulsory: 'Seals are compulsory from',
  issuing: 'Issue',
  automatic: 'by itself after the second review',
  confirmed: 'after an issuer confirms',
  suite: 'Cipher suite',
  antiScreenshot: 'Anti-screenshot display',
  sealTexture: 'Texture under the seal of licences',
  fog: 'Degree of fog (%)',
  prints: 'Clear prints',
  timeStamp: 'Time stamps',
  timeStamps: { none: 'not used', wanted: 'where they can be had', required: 'required' },
  timeStampText:
    'Through the sync server from a time-stamp authority (RFC 3161); they prove when a seal was placed. Where required, no licence is issued and no file sealed without one; application forms are exempt.',
  timeStampAuthority: 'Certificate of the time-stamp authority',
  timeStampAuthorityText:
    'Its stamps are trusted from now on: PEM, DER or P7B, preferably its root. Not needed for one that is trusted already.',
  numbering: 'Licence numbers',
  on: 'on',
  off: 'off',
  publish: 'Publish new trust data',
  published: 'Published.',
  publishText:
    'It is signed with the root’s key and takes effect on every device that receives it. It cannot be taken back.',
  revoked: (n) => `${n} certificates revoked`,
  records: (n) => `${n} records counted on this device`,
  refused: 'Records that do not count',
  export: 'Export trust data',
  age: (days) => (days <= 0 ? 'issued today' : `issued ${days} days ago`),
  overdue: (days) =>
    `Out of date by ${days} days. Verdicts speak of the trust data as they were; get the new trust data from the authority.`,
  pendingRoster: (n) => `${n} changes of roles wait to be published.`,
  invite: 'Invite others to connect',
  inviteText:
    'Whoever opens the link or scans the code still compares the fingerprint above over another channel.',
  inviteShow: 'Show link and QR code',
  inviteQr: 'QR code for connecting to the licensing system',
  inviteNoEndpoint:
    'This device has no sync server: the short link works once the trust data have reached the server of this site.',
  copyLink: 'Copy the short link',
  copyWhole: 'Copy the link with the trust data inside',
  copied: 'Copied.',
  ownSeal: 'Seal of the authority',
  ownSealText:
    'Every issuer’s certificate needs a seal of the authority before licences are issued; a renewed certificate needs another.',
  makeSeals: 'Make it for issuers without one',
  sealsMade: (n) => (n === 0 ? 'Every issuer has one.' : `${n} made.`),
  rootKey: 'Key of the root',
  rootKeyText:
    'It need not stay on this device: the registrar certifies and revokes without it. It is needed for publishing trust data, granting numbers, and changing the root.',
  rootSteps: {
    announce: 'Announce the next root',
    rotate: 'Change the root',
    offline: 'Take the key offline',
  },
  rootTexts: {
    announce:
      'Makes the key of the next root and names it in new trust data. Devices that receive it accept no other successor.',
    rotate:
      'The announced root signs the next trust data and is the root from then on. Devices that know the announcement adopt it by themselves.',
    offline:
      'Save the backup file first, then give it back here to be tried; once it is known to work the key is deleted from this device. Import the file on the page “People” when it is needed.',
  },
  rootPasswords: {
    announce: 'Password of the new key',
    rotate: 'Password of the new key',
    offline: 'Password of the backup file',
  },
  rootDone: {
    announce: 'Announced.',
    rotate: 'Changed. Sign in as the new root.',
    offline: 'The key is deleted from this device. Keep the backup file safe.',
  },
  nextElsewhere: 'A next root is announced; its key is on another device.',
  saveBackup: 'Save the backup file',
  dropBackup: 'Give the backup file back (.p12)',
  recovery: 'Recovery code: shown this once, write it down.',
  kept: 'Saved it',
  endpoint: 'Sync server',
  endpointText:
    'Stands in the trust data, so that devices check the signatures of the server. Empty: none.',
  endpointUrl: 'Address',
  endpointKey: 'Key of its checkpoints',
} satisfies TrustMessages;
