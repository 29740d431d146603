/**
 * How strong a password is: one rule and one number wherever one is chosen. Every character counts 1,
 * a Chinese one 2; digits alone count half. What guessing programs try first counts nothing:
 * repetitions, runs, neighbours on the keyboard, dates, the commonest words, and what everybody knows
 * of its owner.
 */
import { KeyRefused } from './refused.ts';

/** Least strength of a password that protects a key. */
export const PASSWORD_STRENGTH = 12;

/** A password this long is strong by what was read, or by nothing. */
const MOST_READ = 128;

/** Why characters were not counted. */
export type PasswordWeakness =
  | 'repeated'
  | 'run'
  | 'keyboard'
  | 'date'
  | 'common'
  | 'own'
  | 'digits';

export interface PasswordJudgement {
  strength: number;
  enough: boolean;
  weaknesses: PasswordWeakness[];
}

/** Rows, columns and number pads, as they are slid along. */
const KEYBOARD = [
  '`1234567890-=',
  '~!@#$%^&*()_+',
  'qwertyuiop[]',
  'asdfghjkl;',
  'zxcvbnm,./',
  ...['1qaz', '2wsx', '3edc', '4rfv', '5tgb', '6yhn', '7ujm', '8ik,', '9ol.'],
  ...['!qaz', '@wsx', '#edc', '$rfv', '%tgb', '^yhn', '&ujm'],
  '147258369',
  '789456123',
];
const SLIDES = KEYBOARD.flatMap((row) => [row, [...row].reverse().join('')]);

/** As they are found at the head of every list of stolen passwords, and what is at hand here. */
const COMMON = [
  ...['password', 'passwort', 'passwd', 'admin', 'administrator', 'root', 'guest', 'welcome'],
  ...['letmein', 'login', 'secret', 'master', 'changeme', 'default', 'test', 'user', 'hello'],
  ...['iloveyou', 'monkey', 'dragon', 'sunshine', 'princess', 'football', 'baseball', 'superman'],
  ...['qazwsx', 'woaini', 'wodemima', 'mima', 'nihao', 'zhongguo', 'china', 'beijing'],
  ...['shanghai', 'guangzhou', 'shenzhen', 'haiguan', 'customs', 'licence', 'license', 'xukezheng'],
  ...[
    'zhusha',
    'cinnabar',
    'company',
    'gongsi',
    '密码',
    '朱砂',
    '许可证',
    '公司',
    '海关',
    '我爱你',
  ],
];

/** Letters that are written as digits and signs where a password must have some. */
const STAND_INS: Record<string, string> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '@': 'a',
  $: 's',
  '!': 'i',
};

/** A year, or a day with or without signs between. */
const DATE = /(?:19|20)\d\d(?:[-./年]?(?:1[0-2]|0?[1-9])[-./月]?(?:3[01]|[12]\d|0?[1-9]))?/g;

const HAN = /\p{Script=Han}/u;

/** @param known what others know of its owner: names, credit code */
export function judgePassword(password: string, known: readonly string[] = []): PasswordJudgement {
  const letters = [...password.normalize('NFKC').toLowerCase()].slice(0, MOST_READ);
  const spared = new Array<boolean>(letters.length).fill(false);
  const weaknesses = new Set<PasswordWeakness>();
  const spare = (from: number, to: number, why: PasswordWeakness) => {
    spared.fill(true, from, to);
    weaknesses.add(why);
  };
  for (const text of known) {
    const whole = text.normalize('NFKC').toLowerCase();
    eachShared(
      letters,
      [whole],
      (text) => HAN.test(text) || text.length >= 4,
      (from, to) => spare(from, to, 'own'),
    );
  }
  eachShared(
    letters,
    SLIDES,
    (text) => text.length >= 4,
    (from, to) => spare(from + 1, to, 'keyboard'),
  );
  const plain = letters.map((letter) => STAND_INS[letter] ?? letter).join('');
  for (const word of COMMON) {
    for (const text of [plain, letters.join('')]) {
      for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
        const from = [...text.slice(0, at)].length;
        spare(from + 1, from + [...word].length, 'common');
      }
    }
  }
  for (const { 0: date, index } of letters.join('').matchAll(DATE)) {
    const from = [...letters.join('').slice(0, index)].length;
    spare(from + 1, from + date.length, 'date');
  }
  runs(letters, (from, to) => spare(from, to, 'run'));
  repetitions(letters, (from, to) => spare(from, to, 'repeated'));
  const counted = letters.filter((_, i) => !spared[i]);
  const digits = letters.length > 0 && letters.every((letter) => /\p{Nd}/u.test(letter));
  if (digits) weaknesses.add('digits');
  const sum = counted.reduce((total, letter) => total + (HAN.test(letter) ? 2 : 1), 0);
  const strength = digits ? Math.floor(sum / 2) : sum;
  return { strength, enough: strength >= PASSWORD_STRENGTH, weaknesses: [...weaknesses] };
}

/** @throws {KeyRefused} `weak-password` */
export function demandStrong(password: string, known?: readonly string[]): void {
  if (!judgePassword(password, known).enough) throw new KeyRefused('weak-password');
}

type Mark = (from: number, to: number) => void;

/** The longest pieces from each place on that stand in one of the texts as well. */
function eachShared(
  letters: readonly string[],
  texts: readonly string[],
  matters: (piece: string) => boolean,
  mark: Mark,
): void {
  for (let from = 0; from < letters.length; from++) {
    let to = from + 2;
    const shared = (end: number) => {
      const piece = letters.slice(from, end).join('');
      return texts.some((text) => text.includes(piece));
    };
    while (to <= letters.length && shared(to)) to++;
    const length = to - 1 - from;
    if (length >= 2 && matters(letters.slice(from, to - 1).join(''))) mark(from, to - 1);
  }
}

/** Three and more, each the same as the one before or its neighbour: `aaa`, `abc`, `321`, `aabb`. */
function runs(letters: readonly string[], mark: Mark): void {
  const near = (i: number) => {
    const [a = '', b = ''] = [letters[i - 1], letters[i]];
    return Math.abs((a.codePointAt(0) ?? 0) - (b.codePointAt(0) ?? 0)) <= 1;
  };
  let start = 0;
  for (let i = 1; i <= letters.length; i++) {
    if (i < letters.length && near(i)) continue;
    if (i - start >= 3) mark(start + 1, i);
    start = i;
  }
}

/** What stood there before, from three characters on, or two Chinese ones. */
function repetitions(letters: readonly string[], mark: Mark): void {
  for (let from = 1; from < letters.length; from++) {
    for (let to = letters.length; to - from >= 2; to--) {
      const piece = letters.slice(from, to).join('');
      if (to - from < 3 && !HAN.test(piece)) break;
      if (
        !letters
          .slice(0, to - 1)
          .join('')
          .includes(piece)
      )
        continue;
      mark(from, to);
      break;
    }
  }
}
