import { describe, expect, it } from 'vitest';
import { judgePassword, PASSWORD_STRENGTH } from '../../src/keys/index.ts';

const FIRM = '示例进出口贸易有限公司';
const CODE = '91110000MA000TE137';
const judged = (password: string) => judgePassword(password, [FIRM, CODE, 'Sample Trading Co.']);

describe('what guessing programs try first is no password', () => {
  it.each([
    ['one key held down', 'aaaaaaaaaaaa', 'run'],
    ['counting', '123456789012', 'run'],
    ['counting down', '210987654321', 'run'],
    ['pairs', 'aabbccddeeffgg', 'run'],
    ['the alphabet', 'abcdefghijklmnop', 'run'],
    ['a row of keys', 'qwertyuiopasdf', 'keyboard'],
    ['columns of keys', '1qaz2wsx3edc4rfv', 'keyboard'],
    ['the pad', '147258369147', 'keyboard'],
    ['the same again', 'tiger7tiger7tiger7', 'repeated'],
    ['the same in Chinese', '山水山水山水山水山水', 'repeated'],
    ['the commonest word', 'Password2026', 'common'],
    ['the commonest word in disguise', 'P@ssw0rd!234', 'common'],
    ['our own word', '朱砂许可证2026', 'common'],
    ['the name of the enterprise', `${FIRM}88`, 'own'],
    ['a part of it', '进出口贸易有限公司', 'own'],
    ['its English name', 'sampletrading1', 'own'],
    ['its credit code', CODE, 'own'],
    ['a telephone number', '13800138000', 'repeated'],
    ['digits', '8310459266072861', 'digits'],
    ['a name and a birthday', 'wangwei19900412', 'date'],
    ['a birthday with signs', 'zhaolei1990-04-12', 'date'],
    ['few characters', 'k7#Vq2!mZ9', null],
    ['nothing', '', null],
  ])('%s: %s', (_, password, why) => {
    const { enough, strength, weaknesses } = judged(password);
    expect(strength).toBeLessThan(PASSWORD_STRENGTH);
    expect(enough).toBe(false);
    if (why) expect(weaknesses).toContain(why);
  });
});

it.each(['correct horse battery', '朱印留痕，纸短情长 7', 'k7#Vq2!mZ9tR', 'the file, alone'])(
  'takes what is hard to guess: %s',
  (password) => expect(judged(password)).toMatchObject({ enough: true }),
);

it('reads what is pasted by mistake without delay, as any other', () => {
  expect(judged('ab'.repeat(100_000)).enough).toBe(false);
});
