/** Drafts and applications as rows of one list. */
import type { ApplicationSummary, Draft } from '../../../desk/index.ts';
import { type Application, computeTotals } from '../../../licence/index.ts';

export type Filter = 'all' | 'todo' | 'underway' | 'decided';

export interface Row {
  id: string;
  href: string;
  draft: boolean;
  correction: boolean;
  state: string;
  goods: string;
  licenceType: string;
  amount: string;
  currency: string;
  flow: 'electronic' | 'paper';
  stamped: 'seal' | 'plain' | null;
  since: string;
  reasons: string[];
  licence: string | null;
}

const UNDER_WAY = ['submitted', 'first-passed', 'second-passed'];

export function rowsOf(applications: ApplicationSummary[], drafts: Draft[]): Row[] {
  return [...drafts.map(draftRow), ...applications.map(applicationRow)].sort((a, b) =>
    a.draft === b.draft ? (a.since < b.since ? 1 : -1) : a.draft ? -1 : 1,
  );
}

export function matches(row: Row, filter: Filter, asked: string): boolean {
  const todo = row.draft || row.state === 'returned';
  const underway = UNDER_WAY.includes(row.state);
  const fits =
    filter === 'all' ||
    (filter === 'todo' && todo) ||
    (filter === 'underway' && underway) ||
    (filter === 'decided' && !todo && !underway);
  const text = `${row.goods} ${row.id} ${row.amount} ${row.licence ?? ''}`.toLowerCase();
  return fits && text.includes(asked.trim().toLowerCase());
}

function draftRow(draft: Draft): Row {
  const form = draft.data as unknown as Application;
  return {
    id: draft.id,
    href: `#/applications/edit/${draft.id}`,
    draft: true,
    correction: draft.caseId !== null,
    state: 'draft',
    goods: form.goods.name,
    licenceType: draft.licenceType,
    amount: computeTotals(form).totals.amount,
    currency: form.currency.code,
    flow: draft.flow,
    stamped: null,
    since: draft.savedAt,
    reasons: [],
    licence: null,
  };
}

function applicationRow(each: ApplicationSummary): Row {
  const { caseId, state, goods, licenceType, amount, currency, flow, stamped, since } = each;
  return {
    id: caseId,
    href: `#/applications/${caseId}`,
    draft: false,
    correction: false,
    reasons: state === 'returned' || state === 'refused' ? each.reasons : [],
    licence: each.licenceNumber,
    ...{ state, goods, licenceType, amount, currency, flow, stamped, since },
  };
}
