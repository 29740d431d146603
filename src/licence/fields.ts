/**
 * One field table drives every form: application form, automatic import licence, import licence.
 * Boxes carry the numbers and the two-language wording of the paper; a type overrides some.
 */
import type { ListName } from './lists/index.ts';
import { LICENCE_TYPES, type LicenceType, type Words } from './types.ts';

export interface Box extends Words {
  readonly box: number;
  /** Who writes in it on the application form. */
  readonly by: 'applicant' | 'authority' | 'computed' | 'reviewers';
}

export const BOXES: readonly Box[] = [
  { box: 1, zh: '进口商', en: 'Importer', by: 'applicant' },
  { box: 2, zh: '进口用户', en: 'Consignee', by: 'applicant' },
  { box: 3, zh: '许可证号', en: 'Licence No.', by: 'authority' },
  { box: 4, zh: '有效截止日期', en: 'Expiry date', by: 'authority' },
  { box: 5, zh: '贸易方式', en: 'Terms of trade', by: 'applicant' },
  { box: 6, zh: '外汇来源', en: 'Terms of foreign exchange', by: 'applicant' },
  { box: 7, zh: '报关口岸', en: 'Place of clearance', by: 'applicant' },
  { box: 8, zh: '贸易国（地区）', en: 'Country/Region of trade', by: 'applicant' },
  { box: 9, zh: '原产地国（地区）', en: 'Country/Region of origin', by: 'applicant' },
  { box: 10, zh: '商品用途', en: 'Use of goods', by: 'applicant' },
  { box: 11, zh: '商品名称', en: 'Description of goods', by: 'applicant' },
  { box: 12, zh: '规格、型号', en: 'Specification', by: 'applicant' },
  { box: 13, zh: '单位', en: 'Unit', by: 'applicant' },
  { box: 14, zh: '数量', en: 'Quantity', by: 'applicant' },
  { box: 15, zh: '单价', en: 'Unit price', by: 'applicant' },
  { box: 16, zh: '总值', en: 'Amount', by: 'computed' },
  { box: 17, zh: '总值折美元', en: 'Amount in USD', by: 'computed' },
  { box: 18, zh: '总计', en: 'Total', by: 'computed' },
  { box: 19, zh: '备注', en: 'Supplementary details', by: 'applicant' },
  { box: 20, zh: '发证机关签章', en: "Issuing authority's stamp", by: 'authority' },
  { box: 21, zh: '发证日期', en: 'Licence date', by: 'authority' },
];

/** Wording of a box for a licence type. @throws {RangeError} for a number that no form has. */
export function boxWords(type: LicenceType, box: number): Words {
  const words = LICENCE_TYPES[type].boxes[box] ?? BOXES.find((entry) => entry.box === box);
  if (!words) throw new RangeError(`no box ${box}`);
  return words;
}

export type FieldKind =
  | 'text'
  | 'uscc'
  | 'hs'
  | 'phone'
  | 'date'
  | 'decimal'
  | 'choice'
  | 'choices';

export interface Field extends Words {
  /** Path in the application; `lines[].` for a column of the goods table. */
  readonly path: string;
  readonly box: number;
  readonly kind: FieldKind;
  readonly required: boolean;
  readonly list?: ListName;
  /** Most entries of `choices`, most characters of `text`. */
  readonly max?: number;
  /** Only for these types. */
  readonly types?: readonly LicenceType[];
}

/** What the applicant fills in, in the order of the paper form. */
export const FIELDS: readonly Field[] = [
  field('importer.name', 1, '进口商', 'Importer', 'text', { max: 100 }),
  field('importer.code', 1, '进口商代码', 'Importer code', 'uscc'),
  field('consignee.name', 2, '进口用户', 'Consignee', 'text', { max: 100 }),
  field('consignee.code', 2, '进口用户代码', 'Consignee code', 'uscc', { required: false }),
  field('tradeMode', 5, '贸易方式', 'Terms of trade', 'choice', { list: 'tradeModes' }),
  field('foreignExchange', 6, '外汇来源', 'Terms of foreign exchange', 'choice', {
    list: 'foreignExchange',
  }),
  field('ports', 7, '报关口岸', 'Place of clearance', 'choices', { list: 'ports', max: 2 }),
  field('tradeCountry', 8, '贸易国（地区）', 'Country/Region of trade', 'choice', {
    list: 'countries',
  }),
  field('originCountries', 9, '原产地国（地区）', 'Country/Region of origin', 'choices', {
    list: 'countries',
    max: 6,
  }),
  field('use', 10, '商品用途', 'Use of goods', 'choice', { list: 'uses' }),
  field('goods.name', 11, '商品名称', 'Description of goods', 'text', { max: 80 }),
  field('goods.hs', 11, '商品编码', 'Code of goods', 'hs'),
  field('goods.status', 11, '商品状态', 'Status of goods', 'choice', {
    list: 'goodsStatus',
    types: ['auto-import-o'],
  }),
  field('lines[].spec', 12, '规格、型号', 'Specification', 'text', { max: 60 }),
  field('lines[].unit', 13, '单位', 'Unit', 'choice', { list: 'units' }),
  field('lines[].quantity', 14, '数量', 'Quantity', 'decimal'),
  field('lines[].unitPrice', 15, '单价', 'Unit price', 'decimal'),
  field('currency', 15, '币别', 'Currency', 'choice', { list: 'currencies' }),
  field('usdRate', 17, '折美元汇率', 'Rate to US dollars', 'decimal'),
  field('remarks', 19, '备注', 'Supplementary details', 'text', { required: false, max: 300 }),
  field('contact.name', 19, '联系人', 'Contact', 'text', { max: 40 }),
  field('contact.phone', 19, '联系电话', 'Telephone', 'phone'),
  field('appliedOn', 19, '申请日期', 'Date of application', 'date'),
];

/** Fields of one licence type. */
export function fieldsOf(type: LicenceType): Field[] {
  return FIELDS.filter((entry) => !entry.types || entry.types.includes(type));
}

function field(
  path: string,
  box: number,
  zh: string,
  en: string,
  kind: FieldKind,
  rest: Partial<Pick<Field, 'required' | 'list' | 'max' | 'types'>> = {},
): Field {
  return { path, box, zh, en, kind, required: true, ...rest };
}
