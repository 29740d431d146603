/** Every code that the verifying rooms can give has words in both languages. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { expect, test } from 'vitest';
import en from '../../src/app/pages/verify/finding-words/en.ts';
import { sentences } from '../../src/app/pages/verify/finding-words/sentences.ts';
import zh from '../../src/app/pages/verify/finding-words/zh.ts';
import { CHANGE_WORDS } from '../../src/pdf/verify/diff/change-words.ts';

const { changeWords, findingWords, placeWords, valueWords } = sentences(zh, (time) => time);

/** Rooms whose codes end in a report; making, issuing and asking servers give refusals instead. */
const ROOMS = [
  'src/crypto',
  'src/pki',
  'src/cms',
  'src/packages',
  'src/pdf/read',
  'src/pdf/verify',
  'src/pdf/sight',
  'src/seal/data',
  'src/ofd',
  'src/licence/token-read.ts',
  'src/licence/token-text.ts',
  'src/licence/token-layout.ts',
  'src/app/workers/verify',
  'src/app/workers/verify.worker.ts',
];
const ELSEWHERE = /pki\/(issuing|bundle)|cms\/time-stamp-(client|protocol)|certificate-file/;

/** Functions that report, each with the place of the code among their arguments. */
const REPORTERS = new Map<string, readonly number[]>(
  Object.entries({
    Malformed: [0],
    failed: [1],
    modified: [1],
    note: [0, 1],
    fault: [0],
    warn: [0],
    fail: [0, 1],
    open: [1],
    weak: [1],
    answer: [1],
    report: [1],
    info: [0],
    add: [1],
  }),
);
const CODE = /^([A-Z]+(_[A-Z]+)+|[a-z0-9]+(-[a-z0-9]+)+)$/;
/** What an OFD holds inside is told as `OFD_PARSE`; the rest are no codes of findings. */
const NO_FINDING = new Set([
  ...['RSASSA-PSS', 'ECDSA-Sig-Value', 'SHA-256'],
  ...['zip-encrypted', 'zip-name', 'xml-doctype'],
]);

function sources(room: string): string[] {
  if (!statSync(room, { throwIfNoEntry: false })) return [];
  if (room.endsWith('.ts')) return [room];
  return readdirSync(room, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(room, name));
}

/** Codes of one file, read from its syntax tree. */
function codesOf(file: string): string[] {
  const out: string[] = [];
  const put = (node: ts.Node | undefined): void => {
    if (node && ts.isStringLiteral(node) && CODE.test(node.text)) out.push(node.text);
    if (node && ts.isConditionalExpression(node)) {
      put(node.whenTrue);
      put(node.whenFalse);
    }
  };
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) || ts.isNewExpression(node)) {
      const to = node.expression;
      const name = ts.isPropertyAccessExpression(to) ? to.name.text : to.getText();
      for (const at of REPORTERS.get(name) ?? []) put(node.arguments?.[at]);
    }
    if (ts.isPropertyAssignment(node) && node.name.getText() === 'code') {
      const beside = node.parent.properties.map((each) => each.name?.getText());
      if (beside.includes('message') || beside.includes('severity')) put(node.initializer);
    }
    ts.forEachChild(node, visit);
  };
  const text = readFileSync(file, 'utf8');
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true));
  return out;
}

/** Keys of a table in the source that is not exported. */
function keysOf(file: string, table: string): string[] {
  const text = readFileSync(file, 'utf8');
  const body = text.slice(text.indexOf(`const ${table}`)).split('\n}')[0] ?? '';
  return [...body.matchAll(/^ {2}'?([A-Za-z][\w-]*)'?:/gm)].map((match) => match[1] as string);
}

const known = (code: string): boolean =>
  NO_FINDING.has(code) || code in zh.findings || code in CHANGE_WORDS;

test('both languages have the same codes', () => {
  for (const part of Object.keys(zh) as (keyof typeof zh)[]) {
    expect(Object.keys(en[part]).sort(), part).toEqual(Object.keys(zh[part]).sort());
  }
});

test.each(ROOMS)('%s', (room) => {
  const files = sources(room).filter((file) => !ELSEWHERE.test(file));
  const found = new Set(files.flatMap(codesOf));
  expect([...found].filter((code) => !known(code) && !STEPS.has(code))).toEqual([]);
});

/** Steps of a seal's verification stand where other reporters have their codes. */
const STEPS = new Set(
  readFileSync('src/seal/data/steps.ts', 'utf8')
    .match(/'[a-z]+(-[a-z]+)*'/g)
    ?.map((s) => s.slice(1, -1)),
);

test('the tables of codes that verdicts are made of', () => {
  const seals = keysOf('src/seal/data/steps.ts', 'SEAL_CODES');
  const ofd = keysOf('src/ofd/codes.ts', 'CODES');
  const paths = keysOf('src/pki/judge.ts', 'WORDS').map((code) => `path-${code}`);
  expect(seals.length).toBeGreaterThan(25);
  expect(ofd.length).toBeGreaterThan(10);
  expect(paths.length).toBeGreaterThan(15);
  expect([...seals, ...ofd, ...paths].filter((code) => !known(code))).toEqual([]);
});

test('the list is drawn from the source: what it must find is in it', () => {
  const found = ROOMS.flatMap((room) => sources(room).flatMap(codesOf));
  for (const code of ['pdf-gap', 'pdf-xfa', 'pdf-overlay', 'cms-ess', 'der-length', 'zip-crc']) {
    expect(found).toContain(code);
  }
});

const params = (text: string): string => (text.match(/\{\w+\}/g) ?? []).sort().join();

test('both languages name the same things', () => {
  for (const part of ['findings', 'changes', 'values', 'places'] as const) {
    const [ours, theirs] = [zh[part], en[part]] as Record<string, string>[];
    for (const [code, text] of Object.entries(ours ?? {})) {
      expect(params(theirs?.[code] ?? ''), code).toBe(params(text));
    }
  }
});

test('every change, with the same params as its English sentence', () => {
  for (const [code, sentence] of Object.entries(CHANGE_WORDS)) {
    const words = (zh.changes as Record<string, string>)[code];
    expect(words, code).toBeDefined();
    if (code !== 'revision-unreadable') expect(params(words ?? ''), code).toBe(params(sentence));
  }
});

test('a finding says what it is about where that is known', () => {
  expect(findingWords({ code: 'pdf-tail' })).toBe('文件末尾有不属于任何版本的数据');
  expect(findingWords({ code: 'pdf-tail', params: { offset: '812' } })).toContain('第 812 字节');
  const change = { change: 'entry-changed', path: 'Page 2/Contents (object 7)' };
  expect(findingWords({ code: 'pdf-changes-forbidden', params: change })).toBe(
    '签名之后有不允许的改动：第 2 页 › 页面内容 › 对象 7 被改动',
  );
  expect(findingWords({ code: 'issuer-expired' })).toBe('证书已过有效期');
});

test('before and after are told in the words of the page', () => {
  expect(valueWords({ kind: 'nothing' })).toBe('（没有）');
  expect(valueWords({ kind: 'annotation', detail: 'FreeText', text: '已付' })).toBe(
    '文字批注：“已付”',
  );
  expect(valueWords({ kind: 'list', size: 4, text: '0 0 595 842' })).toBe('0 0 595 842');
  expect(valueWords({ kind: 'list', size: 9 })).toBe('9 项的列表');
});

test('places are named from the page inwards', () => {
  expect(placeWords('Page 1/Annots[2]')).toBe('第 1 页 › 批注与表单 3');
  expect(placeWords('object 14')).toBe('对象 14');
  expect(placeWords('Catalog/AcroForm')).toBe('表单');
  expect(placeWords('Signature1')).toBe('Signature1');
  expect(changeWords({ code: 'annotation-added', params: { page: '3' } })).toBe('第 3 页加了批注');
});
