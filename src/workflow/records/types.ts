/**
 * Every record type: its public fields, its confidential body, and who may write it. The
 * predecessor state that it needs stands in the fold.
 */
import type { Role } from '../../pki/index.ts';
import {
  anything,
  base64,
  date,
  decimal,
  flag,
  hash,
  list,
  nullOr,
  object,
  oneOf,
  type Shape,
  text,
  time,
  whole,
} from './shape.ts';

/** `registrant` is a key without a certificate: it may register, and nothing else. */
export type Author = Role | 'enterprise' | 'registrant';

export interface RecordType {
  /** Public fields beside the header. */
  fields: Record<string, Shape>;
  optional?: readonly string[];
  /** The confidential body, or null where a record has none. */
  body: Shape | null;
  by: readonly Author[];
}

const uscc = text(18, /^[0-9A-Z]{18}$/);
const name = text(120);
const reasons = list(text(500), 20);
const because = object({ reasons });
const number = text(40, /^[0-9A-Za-z-]+$/);
const der = base64(16_384);

const registration = object({
  name,
  nameEn: name,
  uscc,
  address: text(200),
  contact: text(80),
  phone: text(40),
  email: text(120),
});

const sealForm = object({
  kind: oneOf('round', 'oval', 'square'),
  name,
  lower: text(40),
  code: text(14, /^(\d{13,14})?$/),
});

const scanFindings = object({
  accept: flag,
  reasons: list(text(40), 20),
  seals: list(object({ cx: decimal, cy: decimal, diameter: decimal }), 20),
  width: whole(1, 100_000),
  height: whole(1, 100_000),
  letterCase: nullOr(text(128)),
  diameterMm: nullOr(decimal),
  type: oneOf('image/png', 'image/jpeg'),
});

const attachment = object({
  file: text(64, /^[A-Za-z0-9._-]+$/),
  kind: text(40),
  name: text(200),
  type: text(100),
  size: whole(0, 64 << 20),
  sha256: hash,
});

const application: RecordType = {
  fields: {
    licenceType: text(40),
    flow: oneOf('electronic', 'paper'),
    stamp: oneOf('seal', 'plain'),
    uscc,
    esId: text(128),
  },
  optional: ['esId'],
  body: object({ application: anything, pdf: hash, attachments: list(attachment, 40) }),
  by: ['enterprise'],
};

const review: RecordType = {
  fields: { verdict: oneOf('pass', 'return', 'refuse') },
  body: object({ reasons, report: nullOr(anything) }),
  by: [],
};

const status = object({ list: text(64), index: whole(0, 131_071) });

export const RECORD_TYPES = {
  'trust/bundle': { fields: {}, body: null, by: ['root'] },
  /** A revocation list between two bundles; a compromise names the place from which it counts. */
  'trust/crl': {
    fields: { distrusted: list(object({ certificate: hash, from: whole(0, 2 ** 40) }), 256) },
    body: null,
    by: ['root', 'registrar'],
  },
  'enterprise/register': {
    fields: { name, uscc, csrs: object({ signing: der, encryption: der }) },
    body: registration,
    by: ['registrant', 'enterprise'],
  },
  /** Another address or contact takes effect at once; another name waits for new certificates. */
  'enterprise/update': {
    fields: { name, uscc, csrs: object({ signing: der, encryption: der }) },
    optional: ['csrs'],
    body: registration,
    by: ['enterprise'],
  },
  'enterprise/approve': {
    fields: { name, uscc, signing: der, encryption: der, chain: list(der, 8) },
    body: null,
    by: ['registrar'],
  },
  'enterprise/reject': { fields: { reasons }, body: null, by: ['registrar'] },
  'seal/apply': { fields: { uscc }, body: sealForm, by: ['enterprise'] },
  'seal/letter': { fields: {}, body: scanFindings, by: ['enterprise'] },
  'seal/approve': { fields: {}, body: because, by: ['seal-reviewer'] },
  'seal/reject': { fields: {}, body: because, by: ['seal-reviewer'] },
  'seal/produce': {
    fields: { esId: text(128), holder: hash, validStart: time, validEnd: time },
    body: null,
    by: ['seal-maker'],
  },
  /** The authority's own seal, for the issuer whose certificate it names. */
  'seal/authority': {
    fields: { esId: text(128), holder: hash },
    body: null,
    by: ['seal-maker'],
  },
  /** Before the seal is made; asked for anew, the new one is no longer wanted. */
  'seal/withdraw': { fields: {}, body: because, by: ['enterprise'] },
  'seal/suspend': { fields: {}, body: because, by: ['enterprise', 'seal-reviewer'] },
  'seal/resume': { fields: {}, body: because, by: ['enterprise', 'seal-reviewer'] },
  'seal/lost': { fields: {}, body: because, by: ['enterprise'] },
  'seal/revoke': { fields: {}, body: because, by: ['seal-reviewer', 'seal-maker'] },
  'seal/renew': { fields: {}, body: because, by: ['enterprise'] },
  'application/submit': application,
  'application/amend': application,
  'application/withdraw': { fields: {}, body: because, by: ['enterprise'] },
  'application/first-review': { ...review, by: ['first-review'] },
  'application/second-review': { ...review, by: ['second-review'] },
  'licence/number-block': {
    fields: {
      to: hash,
      issuer: text(8, /^[0-9A-Z]{1,8}$/),
      year: whole(2000, 2199),
      from: whole(1, 999_999_999),
      count: whole(1, 1_000_000),
      statusList: text(64),
    },
    body: null,
    by: ['root'],
  },
  'licence/issue': {
    fields: { number, status },
    body: object({ licence: anything, token: text(1200) }),
    by: ['issuer'],
  },
  'licence/issue-paper': {
    fields: { number, status },
    body: object({ licence: anything, token: text(1200), serial: text(40) }),
    by: ['issuer'],
  },
  'licence/replace': {
    fields: { number, replaces: number, status },
    body: object({ licence: anything, token: text(1200) }),
    by: ['issuer'],
  },
  'licence/collect': {
    fields: {},
    body: object({ name: text(80), document: text(80) }),
    by: ['issuer'],
  },
  'licence/revoke': { fields: { number }, body: because, by: ['issuer'] },
  /** The licence on paper: an original shows the seal clear and is counted, a copy shows it under fog. */
  'licence/print': {
    fields: { number, kind: oneOf('original', 'copy') },
    body: null,
    by: ['enterprise', 'issuer'],
  },
  'licence/use': {
    fields: { number },
    body: object({ declaration: text(40), customs: text(40), date, quantity: decimal }),
    by: ['inspector'],
  },
  'licence/status-list': { fields: { list: text(64) }, body: null, by: ['issuer'] },
} as const satisfies Record<string, RecordType>;

export type RecordTypeName = keyof typeof RECORD_TYPES;

export const isRecordType = (type: string): type is RecordTypeName =>
  Object.hasOwn(RECORD_TYPES, type);

const HEADER = ['v', 'type', 'case', 'prev', 'at', 'by', 'seen'];

/** Checks the public fields of a record. @throws {Malformed} `record-type`, `record-shape` */
export function checkFields(record: { type: string }): void {
  const known: RecordType = RECORD_TYPES[record.type as RecordTypeName];
  const fields = Object.fromEntries(
    Object.entries(record).filter(([key]) => !HEADER.includes(key)),
  ) as Record<string, never>;
  object(known.fields, known.optional ?? [])(fields, record.type);
}

/** Checks an opened body. @throws {Malformed} `record-shape` */
export function checkBody(type: RecordTypeName, body: never): void {
  const known: RecordType = RECORD_TYPES[type];
  known.body?.(body, `${type} body`);
}
