/** Licence types are data: what differs between them stands here, the code is the same for all. */

/** `auto-import-o` is the mechanical and electrical variant (supervision code O). */
export type LicenceType = 'auto-import' | 'auto-import-o' | 'import';

/** Wording in the two languages of every document. */
export interface Words {
  readonly zh: string;
  readonly en: string;
}

/** A value of a code list: code and names side by side, so that a document stays readable alone. */
export interface Coded extends Words {
  readonly code: string;
}

/** Nothing chosen yet. */
export const NO_CODE: Coded = { code: '', zh: '', en: '' };

/** An enterprise by name and 18-character unified social credit code. */
export interface Party {
  readonly name: string;
  readonly code: string;
}

/** `single` is 一批一证, one declaration; `multiple` is 非一批一证. */
export type UseKind = 'single' | 'multiple';

export interface LicenceTypeData {
  readonly type: LicenceType;
  /** Number of the type in the QR token; never reused. */
  readonly tokenCode: number;
  /** Supervision code of customs: 7, O; empty where none is known. */
  readonly supervision: string;
  readonly title: Words;
  readonly formTitle: Words;
  readonly short: Words;
  /** Box wording that differs from the field table, by box number. */
  readonly boxes: Readonly<Record<number, Words>>;
  /** Box 11 names the status of the goods (new or used). */
  readonly goodsStatus: boolean;
  readonly validity: { readonly months: number; readonly withinYear: boolean };
  /** Declarations that a 非一批一证 licence may serve. */
  readonly maxUses: number;
}

/** Defaults from a customs explanation of about 2007 to 2009; a deployment may replace them. */
export const LICENCE_TYPES: Readonly<Record<LicenceType, LicenceTypeData>> = {
  'auto-import': {
    type: 'auto-import',
    tokenCode: 1,
    supervision: '7',
    title: {
      zh: '中华人民共和国自动进口许可证',
      en: "AUTOMATIC IMPORT LICENCE OF THE PEOPLE'S REPUBLIC OF CHINA",
    },
    formTitle: { zh: '自动进口许可证申请表', en: 'APPLICATION FOR AUTOMATIC IMPORT LICENCE' },
    short: { zh: '自动进口许可证', en: 'Automatic import licence' },
    boxes: {
      3: { zh: '自动进口许可证号', en: 'Automatic import licence No.' },
      4: { zh: '自动进口许可证有效截止日期', en: 'Automatic import licence expiry date' },
    },
    goodsStatus: false,
    validity: { months: 6, withinYear: true },
    maxUses: 6,
  },
  'auto-import-o': {
    type: 'auto-import-o',
    tokenCode: 2,
    supervision: 'O',
    title: {
      zh: '中华人民共和国自动进口许可证',
      en: "AUTOMATIC IMPORT LICENCE OF THE PEOPLE'S REPUBLIC OF CHINA",
    },
    formTitle: {
      zh: '自动进口许可证申请表（机电产品）',
      en: 'APPLICATION FOR AUTOMATIC IMPORT LICENCE (MECHANICAL AND ELECTRICAL)',
    },
    short: {
      zh: '自动进口许可证（机电）',
      en: 'Automatic import licence (mechanical and electrical)',
    },
    boxes: {
      3: { zh: '自动进口许可证号', en: 'Automatic import licence No.' },
      4: { zh: '自动进口许可证有效截止日期', en: 'Automatic import licence expiry date' },
    },
    goodsStatus: true,
    validity: { months: 12, withinYear: false },
    maxUses: 6,
  },
  import: {
    type: 'import',
    tokenCode: 3,
    supervision: '',
    title: {
      zh: '中华人民共和国进口许可证',
      en: "IMPORT LICENCE OF THE PEOPLE'S REPUBLIC OF CHINA",
    },
    formTitle: { zh: '进口许可证申请表', en: 'APPLICATION FOR IMPORT LICENCE' },
    short: { zh: '进口许可证', en: 'Import licence' },
    boxes: {
      2: { zh: '收货人', en: 'Consignee' },
      3: { zh: '进口许可证号', en: 'Import licence No.' },
      4: { zh: '进口许可证有效截止日期', en: 'Import licence expiry date' },
      8: { zh: '出口国（地区）', en: 'Country/Region of exportation' },
    },
    goodsStatus: false,
    validity: { months: 12, withinYear: true },
    maxUses: 12,
  },
};

export const LICENCE_TYPE_NAMES = Object.keys(LICENCE_TYPES) as LicenceType[];
