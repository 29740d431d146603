import type { PeopleMessages } from './zh.ts';

export default {
  heading: 'People',
  text: 'Choose who signs in. The workspace follows; the electronic key works only while it is unlocked.',
  none: 'There is nobody on this device yet.',
  noneText:
    'Once connected to a licensing system, register an enterprise or import an electronic key.',
  sit: 'Sign in',
  seated: 'Signed in',
  unlock: 'Unlock',
  lock: 'Lock',
  noCertificate: 'Waiting for the registration',
  staff: 'I work for the authority',
  confirmCode:
    'Compared with the business licence: this is the code, and the registrar will confirm it too',
  newEnterprise: 'Register an enterprise',
  importKey: 'Import an electronic key',
  unlockTitle: (name) => `Unlock the electronic key of ${name}`,
  password: 'Password',
  forgotten: 'Password forgotten',
  forgottenText:
    'Type the recovery code and choose a new password. The old one stops working at once; the recovery code stays good: keep it as before.',
  setPassword: 'Set the new password and sign in',
  passwordSet: 'The new password is set.',
  noRecoveryHere:
    'This key has no recovery code: a forgotten password cannot be replaced. Use a passkey, or import a key file exported before.',
  currentPassword: 'Present password',
  recovery: 'Recovery code',
  outside: 'Certified by another authority',
  outsideText:
    'Give the request to a regulated certification authority, and put its answer here. The private keys stay on this device.',
  saveRequest: 'Save the certificate request (PEM)',
  dropAnswer: 'Drop the answer of the authority (.cer, .pem, .p7b)',
  installed: 'The certificates are installed.',
  useUKey: 'Use a UKey',
  ukeyText:
    'A UKey is reached through its service on this machine (127.0.0.1:18710). Plug it in and start the service first.',
  ukeyLooking: 'Looking for the UKey',
  ukeyEmpty: 'There is no certificate for signing in this UKey.',
  ukeyAgain: 'Look again',
  ukeyWhose: 'Choose a certificate',
  pin: 'PIN',
  pinHint:
    'The PIN goes to the UKey only and is not kept. Several wrong PINs in a row lock the UKey.',
  byUKey: 'UKey',
  inUKey:
    'The keys of this person are in a UKey: its own tools change the PIN. Pulling it out locks at once.',
  openBy: 'Unlock with',
  byDevice: 'This device (pilot)',
  byPasskey: 'Passkey',
  byPassword: 'Password',
  byRecovery: 'Recovery code',
  passkeyWait: 'Next you will be asked for your fingerprint, face, PIN or security key.',
  ways: 'Ways to unlock',
  waysText:
    'Each of them opens the same electronic key. Keep at least two, so that losing one loses nothing.',
  noRecovery:
    'There is no recovery code yet. If the device is lost or the password forgotten, nothing will help.',
  removeWay: 'Remove',
  addPasskey: 'Add a passkey',
  addPassword: 'Add a password',
  makeRecovery: 'Make a recovery code',
  renewRecovery: 'Replace the recovery code',
  wayActs: {
    passkey: {
      title: 'Add a passkey',
      text: 'A passkey lives in this device or in a security key and unlocks by fingerprint, face or PIN, without a password.',
      done: 'The passkey was added.',
    },
    password: {
      title: 'Add a password',
      text: 'The password is used on this device only and cannot be recovered.',
      done: 'The password was added.',
    },
    recovery: {
      title: 'Make a new recovery code',
      text: 'The new code is shown once; the one before it stops working at the same time.',
      done: 'The recovery code was replaced.',
    },
    remove: {
      title: 'Remove this way to unlock',
      text: 'It will no longer open this electronic key. The key itself and the other ways stay as they are.',
      done: 'Removed.',
    },
  },
  name: 'Name of the enterprise',
  uscc: 'Unified social credit code',
  create: 'Make the electronic key',
  keyFiles: 'Key file',
  keyFilesHint:
    '.keys (copy of a key), .p12, .pfx or .sm2; or a private key (.key, .pem, .p8) together with its certificate (.cer, .pem).',
  takesMinutes: (n: number) =>
    `This file is encrypted in very many rounds: opening it takes about ${n} ${n === 1 ? 'minute' : 'minutes'}. You may go on, and cancel at any time.`,
  goOn: 'Go on',
  fileWarning: (code: string): string =>
    code === 'pfx-no-mac'
      ? 'Imported. Nothing protects the integrity of this file (it has no MAC): whether it was changed cannot be told. Make sure that it comes from whom you expect.'
      : 'Imported. No password protects this file: whoever has it can sign in your name. Delete it now.',
  enveloped: 'Import the encryption key of the authority',
  envelopedText:
    'An authority that issues two certificates makes the encryption key and sends it under an envelope that your signing key opens (GB/T 35276). Choose the encryption certificate as well. It takes the place of the encryption key made here, which was not used yet.',
  envelopedFiles: 'Enveloped key and encryption certificate',
  envelopedDone: 'The encryption key was imported.',
  pfxPassword: 'Password of the file',
  doImport: 'Import',
  recoveryTitle: 'Write down the recovery code',
  recoveryText:
    'It is the only way in if the password is forgotten, and it is not shown again. Copy or print it and keep it elsewhere.',
  recoverySaved: 'I have written it down',
  change: 'Change password',
  changed: 'The password is changed.',
  settings: 'Settings',
  lockAfter: 'Lock when idle',
  minutes: (n) => (n === 0 ? 'Never by itself' : `${n} minutes`),
  saved: 'Saved.',
  export: 'Take the key to another device',
  exportHolds:
    'The file holds both certificates, for signing and for encryption, and both private keys. Once the other device has imported it and synchronised, cases, licences and the seal are there; drafts stay on the device that they were written on.',
  copyText:
    'Copy of the key: opened by the password or the recovery code of this device; it has no password of its own.',
  doCopy: 'Save a copy of the key',
  copyWarning:
    'Whoever has the copy still needs your password or recovery code to open it. Delete it once the other device has imported it.',
  copied: 'The copy is saved. Delete it once the other device has imported it.',
  copyTaken:
    'Imported. Sign in with the same password or recovery code as before, and synchronise.',
  authorityTaken:
    'The keys of the certification authority are on this device. The password of the file opens them.',
  copyPassword: 'Password or recovery code',
  copyPasswordHint:
    'The one that opens the copy; it opens the key on this device from now on, too.',
  exportText: 'PKCS#12 file: under a password of its own, and other software opens it too.',
  exportWarning:
    'Whoever has this file and its password can sign in your name. Choose a password for this file alone, and delete the file after use.',
  exported: 'Exported. Delete the file after use.',
  doExport: 'Export PKCS#12',
  lost: {
    heading: 'Lost device',
    text: 'If a device with your key is lost or stolen, report it at once: whoever has it and learns the password signs in your name. A password delays that, and does not prevent it.',
    withoutKey:
      'If this key was on the lost device alone, go to the registrar with proof of who you are: the registrar revokes without a report. Then make a new key on a new device.',
    report: 'Report a lost device',
    follows:
      'The same key signs a report here, for the registrar: send it or bring it. The registrar revokes the certificate by it, and this key stops working on every device.',
    since: 'When the device was seen last',
    sinceHint: 'The registrar looks at everything that was done with this key since.',
    note: 'What happened',
    confirm: 'Sign and save the report',
    saved: 'The report is saved. Give it to the registrar at once.',
    sealLost:
      'Your seal was reported lost as well; it stops everywhere once this device has synchronised.',
    next: 'You will be told here when the certificate is revoked. Register again with a new key; members of the authority give a new request to the registrar.',
  },
  language: 'Language and theme',
  leave: 'Leave the licensing system',
  leaveText:
    'Deletes the licensing system, electronic keys, drafts and all cases from this device. What was not sent is lost.',
  leaveType: (name) => `To confirm, type the name of the licensing system: ${name}`,
  doLeave: 'Delete and leave',
  left: 'The licensing system was left.',
  storage: 'Storage',
  storageUsed: (used, quota) => `${used} used of ${quota}`,
  persist: 'Ask the browser to keep the data',
  persisted: 'The browser keeps the data.',
  notPersisted: 'The browser may delete the data when space runs out.',
  noPerson: 'Sign in to change the password or export the key.',
} satisfies PeopleMessages;
