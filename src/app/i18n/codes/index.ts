/** Words for every code that the core answers with; unknown ones fall back to its English sentence. */
import type { Check } from '../../../desk/index.ts';
import type { Refusal } from '../../workers/rpc.ts';
import { fill, type Params } from '../fill.ts';
import { catalog } from '../language.svelte.ts';
import zh from './zh.ts';

const codes = catalog(zh, () => import('./en.ts'));

export function refusalText({ code, message, params }: Refusal): string {
  const known = (codes.refusals as Record<string, string>)[code];
  if (!known) return `${codes.unexpected} ${message}`;
  if (code !== 'endpoint-refused') return fill(known, detailed(params));
  return fill(known, { ...params, detail: answerText(String(params?.['detail'] ?? '')) });
}

/** Why a server does not take a package, in words, for every code that it may answer with. */
export function answerText(code: string): string {
  const answers = codes.answers as Record<string, string>;
  const family = code.startsWith('signer-') ? codes.answers.signer : codes.answers.other;
  return fill(answers[code] ?? family, { code });
}

/** The detail may be a rule of the fold or a check that failed: both have words of their own. */
function detailed(params: Params = {}): Params {
  const code = String(params['detail']);
  const failed = (codes.checks as Record<string, string[]>)[code]?.[1];
  const known = (codes.rules as Record<string, string>)[code] ?? failed;
  return known ? { ...params, detail: fill(known, params) } : params;
}

type Table =
  | 'issues'
  | 'places'
  | 'scanReasons'
  | 'steps'
  | 'progress'
  | 'sealStates'
  | 'applicationStates'
  | 'licenceStates'
  | 'overUses'
  | 'groups'
  | 'rights'
  | 'roles';

/** The word of a code, or the code itself, so that nothing is ever blank. */
export function word(table: Table, code: string, params?: Params): string {
  const known = (codes[table] as Record<string, string>)[code];
  return known ? fill(known, params) : code;
}

/** A check in words: as it should be, or not. */
export function checkText({ code, severity, params }: Check): string {
  const pair = (codes.checks as Record<string, string[]>)[code];
  return pair ? fill(pair[severity === 'ok' ? 0 : 1] ?? code, params) : code;
}
