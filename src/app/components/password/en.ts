import type { PasswordMessages } from './zh.ts';

export default {
  newPassword: 'New password',
  repeat: 'Once more',
  differ: 'The two differ',
  rule: (least) =>
    `Strength ${least} at least: each character counts 1, a Chinese one 2, digits alone half; what is easily guessed counts nothing. A password cannot be looked up.`,
  strength: (strength, least) => `Strength of the password ${strength}, at least ${least}`,
  enough: 'Strong enough',
  weak: 'Not strong enough yet',
  sheet: 'Recovery code',
  sheetSystem: 'Licensing system',
  sheetFile: 'Opens the file',
  sheetDate: 'Date',
  sheetText:
    'It opens the key and sets a new password when the old one is forgotten. Keep it locked away, apart from the key file: whoever has it opens the key.',
  printSheet: 'Print the recovery code',
  notCounted: {
    repeated: 'what is repeated does not count',
    run: 'characters that are the same or follow one another do not count',
    keyboard: 'neighbours on the keyboard do not count',
    date: 'dates do not count',
    common: 'common words do not count',
    own: 'the name and code of its owner do not count',
    digits: 'digits alone count half',
  },
} satisfies PasswordMessages;
