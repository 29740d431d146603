/** What must be attached to an application, by licence type. */
import type { Application } from './application.ts';
import type { LicenceType, Words } from './types.ts';

export type AttachmentNeed =
  | 'always'
  | 'first-in-year'
  | 'if-represented'
  | 'by-commodity'
  | 'optional';

export interface AttachmentKind extends Words {
  readonly key: string;
  readonly need: AttachmentNeed;
}

const COMMON: readonly AttachmentKind[] = [
  {
    key: 'qualification',
    zh: '进口资格或登记证明',
    en: 'Qualification or registration document',
    need: 'first-in-year',
  },
  { key: 'contract', zh: '进口合同', en: 'Import contract', need: 'always' },
  { key: 'agency', zh: '代理协议', en: 'Agency agreement', need: 'if-represented' },
  { key: 'end-use', zh: '最终用途证明', en: 'Proof of end use or end user', need: 'optional' },
  {
    key: 'commodity',
    zh: '商品专项文件',
    en: 'Commodity-specific documents',
    need: 'by-commodity',
  },
  { key: 'other', zh: '其他材料', en: 'Others as the authority asks', need: 'optional' },
];

/** The sealed form itself is made by the system and is not in this list. */
export const ATTACHMENTS: Readonly<Record<LicenceType, readonly AttachmentKind[]>> = {
  'auto-import': COMMON,
  'auto-import-o': COMMON,
  import: COMMON,
};

export interface AttachmentSituation {
  /** No application of this enterprise in this calendar year yet. */
  firstInYear?: boolean;
  /** Keys that the commodity of this application demands besides. */
  demanded?: readonly string[];
}

/** Kinds that this application needs and does not list. */
export function missingAttachments(
  application: Application,
  situation: AttachmentSituation = {},
): AttachmentKind[] {
  const present = new Set(application.attachments.map((entry) => entry.key));
  return ATTACHMENTS[application.type].filter((kind) => {
    if (present.has(kind.key)) return false;
    if (kind.need === 'always' || situation.demanded?.includes(kind.key)) return true;
    if (kind.need === 'first-in-year') return situation.firstInYear === true;
    return kind.need === 'if-represented' && application.agent !== null;
  });
}
