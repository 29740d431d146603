/** Words for every place in an application, so that no path of its data is ever shown to people. */
import { ATTACHMENTS } from './attachments.ts';
import { boxWords, FIELDS } from './fields.ts';
import type { LicenceType, Words } from './types.ts';

export interface Place extends Words {
  /** Number of the box on the paper; null for what has none. */
  readonly box: number | null;
  /** Line of the goods, from 1; null outside them. */
  readonly line: number | null;
}

type Entry = readonly [path: string, box: number | null, zh: string, en: string];

/** What the field table does not list: computed boxes, the contract, the agent, groups of fields. */
const OTHERS: readonly Entry[] = [
  ['type', null, '许可证种类', 'Type of licence'],
  ['number', 3, '申请表号', 'Application No.'],
  ['importer', 1, '进口商', 'Importer'],
  ['consignee', 2, '进口用户', 'Consignee'],
  ['goods', 11, '商品', 'Goods'],
  ['lines', null, '规格、数量与金额', 'Specification, quantity, amount'],
  ['lines[].amount', 16, '总值', 'Amount'],
  ['lines[].amountUsd', 17, '总值折美元', 'Amount in USD'],
  ['totals', 18, '总计', 'Total'],
  ['totals.quantity', 18, '总计数量', 'Total quantity'],
  ['totals.amount', 18, '总计总值', 'Total amount'],
  ['totals.amountUsd', 18, '总计折美元', 'Total in USD'],
  ['uses', null, '报关次数', 'Declarations'],
  ['contact', 19, '联系方式', 'Contact details'],
  ['agent', null, '代理企业', 'Agent'],
  ['agent.name', null, '代理企业', 'Agent'],
  ['agent.code', null, '代理企业代码', 'Code of the agent'],
  ['contract', null, '合同', 'Contract'],
  ['contract.number', null, '合同号', 'Contract No.'],
  ['contract.date', null, '合同签订日期', 'Date of the contract'],
  ['contract.buyer', null, '合同买方', 'Buyer in the contract'],
  ['contract.seller', null, '合同卖方', 'Seller in the contract'],
  ['contract.amount', null, '合同金额', 'Amount of the contract'],
  ['contract.currency', null, '合同币别', 'Currency of the contract'],
  ['attachments', null, '附件', 'Attachments'],
];

/** Codes and names inside a choice are the choice; a list entry is its list. */
function entriesOf(type: LicenceType): Entry[] {
  const fields = FIELDS.map(({ path, box, zh, en }): Entry => {
    const alone = !/[.[]/.test(path) && !['currency', 'usdRate', 'appliedOn'].includes(path);
    const words = alone ? boxWords(type, box) : { zh, en };
    return [path, box, words.zh, words.en];
  });
  const kinds = ATTACHMENTS[type].map(
    ({ key, zh, en }): Entry => [`attachments.${key}`, null, zh, en],
  );
  return [...fields, ...OTHERS, ...kinds];
}

/** @param path as issues and differences write it: `lines[0].unit`, `ports.1.zh`, `attachments.contract` */
export function placeOf(type: LicenceType, path: string): Place {
  const plain = path.replace(/\[(\d+)\]/g, '.$1').replace(/^lines\.\d+/, 'lines[]');
  const line = /^lines[.[](\d+)/.exec(path)?.[1];
  let best: Entry = ['', null, '申请表', 'Application form'];
  for (const entry of entriesOf(type)) {
    const [known] = entry;
    const holds = plain === known || plain.startsWith(`${known}.`) || plain === `${known}[]`;
    if (holds && known.length >= best[0].length) best = entry;
  }
  return {
    box: best[1],
    zh: best[2],
    en: best[3],
    line: line === undefined ? null : Number(line) + 1,
  };
}

/** Said of firms as often as of goods. */
const VAGUE = new Set(['单位']);

const says = (text: string, label: string): boolean =>
  /^[a-z]/.test(label)
    ? new RegExp(`\\b${label.replace(/[^a-z0-9 ]/g, '.')}\\b`).test(text)
    : text.includes(label);

/**
 * Places that a sentence names: by the wording of a field in either language, or as `第 7 栏`.
 * Columns of the goods table are the table.
 */
export function placesNamedIn(type: LicenceType, sentence: string): string[] {
  const text = sentence.normalize('NFKC').toLowerCase();
  const labels = entriesOf(type).flatMap(([path, , zh, en]) =>
    [zh, en].map((label) => ({ path, label: label.normalize('NFKC').toLowerCase() })),
  );
  const said = labels.filter(({ label }) => !VAGUE.has(label) && says(text, label));
  const longest = said.filter(
    ({ label }) => !said.some((other) => other.label !== label && other.label.includes(label)),
  );
  const boxes = [...text.matchAll(/第\s*(\d{1,2})\s*[栏项格]|box\s*(\d{1,2})/g)].map(([, zh, en]) =>
    Number(zh ?? en),
  );
  const numbered = FIELDS.filter(({ box }) => boxes.includes(box));
  const paths = [...longest, ...numbered].map(({ path }) => path.replace(/^lines\[\].*/, 'lines'));
  return [...new Set(paths)];
}
