/** The headline of a report: whether it is unchanged, what came later, and by whom. */
import type { ListedChange } from '../../../../pdf/index.ts';
import { fill } from '../../../i18n/fill.ts';
import { formatDate } from '../../../i18n/format.ts';
import { inWords } from '../../../i18n/language.svelte.ts';
import { session } from '../../../state/session.svelte.ts';
import type { CheckedFile, SignerLine } from '../../../workers/checked-file.ts';
import { words } from './index.ts';

/** Changes that the headline names. */
const NAMED = 2;
/** Of what a value says, in a headline. */
const MAX_VALUE = 60;

/** The authority is called as on its licences, in both languages; only for a name that is vouched for. */
function vouchedName(organization: string): string {
  const authority = session.deployment?.authority;
  return authority?.zh === organization ? inWords(authority) : organization;
}

/**
 * Common name first, the organisation beside it where it is another one.
 * @param vouched whether this device stands for the name
 */
export function signerText(signer: SignerLine, vouched = false): string {
  const { organization, subject, field } = signer;
  const as = (text: string): string => (vouched ? vouchedName(text) : text);
  const own = signer.name || organization || subject || field;
  return organization && organization !== own ? words.nameOf(as(own), as(organization)) : as(own);
}

/** The verdict in one sentence. */
export function sentence(report: CheckedFile): string {
  const { situation, params, verdict } = report;
  const people = report.signers.filter(({ kind }) => kind !== 'timestamp');
  const last = people.at(-1);
  const told = toldChanges(report);
  const text = keepsNoVersion(report) ? words.changedSince : words.situations[situation];
  return fill(text, {
    ...params,
    ...(params['until'] ? { until: formatDate(params['until']) } : {}),
    ...(last ? { who: signerText(last, verdict === 'TOTAL-PASSED') } : {}),
    state:
      told.length > 0 ? words.laterAllowed(listed(told, report), granted(told)) : words.unchanged,
    what: told.length > 0 ? words.inBrackets(listed(told, report)) : '',
    onTop: listed(told, report),
  });
}

export const nextStep = (report: CheckedFile): string | null =>
  keepsNoVersion(report)
    ? words.changedNext
    : ((words.next as Record<string, string>)[report.situation] ?? null);

/** Only a PDF still has the version that was sealed inside. */
const keepsNoVersion = ({ kind, situation }: CheckedFile): boolean =>
  situation === 'changed' && kind !== 'pdf';

/** What a reader of the pages may see of later changes, worst first, each once. */
function toldChanges({ pdf }: CheckedFile): ListedChange[] {
  const rank = { no: 0, warn: 1, yes: 2 };
  const out = new Map<string, ListedChange>();
  for (const { changesList } of pdf?.signatures ?? []) {
    for (const change of changesList) {
      if (change.kind === 'evidence' || change.kind === 'metadata') continue;
      const key = `${change.code} ${change.object}`;
      const known = out.get(key);
      if (!known || rank[change.permission] < rank[known.permission]) out.set(key, change);
    }
  }
  return [...out.values()].sort(
    (a, b) => rank[a.permission] - rank[b.permission] || weight(a) - weight(b),
  );
}

/** A field with another text matters more than that somebody signed. */
const weight = ({ code }: ListedChange): number =>
  code === 'field-filled' ? 0 : code.startsWith('field-signed') ? 2 : 1;

const granted = (changes: readonly ListedChange[]): boolean =>
  changes.every((change) => change.granted);

function listed(changes: readonly ListedChange[], report: CheckedFile): string {
  const named = changes.slice(0, NAMED).map((change) => changeText(change, report));
  const more = changes.length - named.length;
  return [...new Set(named), ...(more > 0 ? [words.laterMore(more)] : [])].join(words.and);
}

function changeText(change: ListedChange, { signers }: CheckedFile): string {
  const { code, field = '', page = 0, was, became } = change;
  const signer = (name: string | undefined) => {
    const line = signers.find((each) => each.field === name);
    return line ? signerText(line) : '';
  };
  if (code === 'field-signed' || code === 'field-added-to-sign') {
    return words.laterSigned(signer(field) || field);
  }
  const by = change.coveredBy ? signer(change.coveredBy) : '';
  const tail = by ? words.thenSigned(by) : '';
  if (code === 'field-filled' || code === 'field-look') {
    const [before, after] = [was.text ?? '', became.text ?? ''].map(short);
    return words.laterField(field, before ?? '', after ?? '') + tail;
  }
  if (code === 'annotation-added') {
    const kind = (words.onTop as Record<string, string>)[became.detail ?? ''] ?? words.onTop.other;
    return words.laterOnTop(page, kind, short(became.text ?? '')) + tail;
  }
  return words.laterOther(page) + tail;
}

const short = (text: string): string =>
  text.length > MAX_VALUE ? `${text.slice(0, MAX_VALUE)}…` : text;
