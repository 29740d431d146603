/**
 * Every record type: its public fields, its confidential body, and who may write it. The
 * predecessor state that it needs stands in the fold.
 */
import { Malformed } from '../../crypto/index.ts';
import { HEADER_FIELDS } from '../../packages/index.ts';
import type { Role } from '../../pki/index.ts';
import { ALL_GROUPS, ROLE_GROUPS } from './role-groups.ts';
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
  oneForm,
  oneOf,
  type Shape,
  text,
  time,
  whole,
} from './shape.ts';

/** `registrant` is a key without a certificate: it may register, and nothing else. */
export type Author = Role | 'enterprise' | 'registrant';

export interface RecordType {
  /** Public fields beside the header: all that a rule may read. */
  fields: Record<string, Shape>;
  optional?: readonly string[];
  /** The confidential body, or null where a record has none. No rule reads it. */
  body: Shape | null;
  by: readonly Author[];
  /** The case belongs to an enterprise, whom the record names as `party`. */
  party: boolean;
}

const uscc = text(18, /^[0-9A-Z]{18}$/);
/** SHA-256 hex of {deployment, party, name, salt, value} (design, section 5). */
const bindingDigest = hash;
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
  digest: hash,
});

const review: Omit<RecordType, 'by'> = {
  fields: {
    verdict: oneOf('pass', 'return', 'refuse'),
    /** What the device of the reviewer found: null where it could open nothing. */
    report: nullOr(object({ version: whole(1, 1_000_000), result: text(20), digest: hash })),
  },
  body: object({ reasons, report: nullOr(anything), salt: base64(64) }),
  party: true,
};

const quantities = list(decimal, 40);

/** What an issue states for everybody: no goods, unit, price or name. */
const issued = {
  number,
  terms: bindingDigest,
  /** SHA-256 of the token's text. */
  token: hash,
  /** SHA-256 of the sealed PDF. */
  pdf: hash,
  validFrom: date,
  validUntil: date,
  maxUses: whole(1, 99),
  tolerance: decimal,
  quantities,
  ports: list(bindingDigest, 8),
  status: object({ list: text(64), index: whole(0, 131_071) }),
};

/** Body of an issue: what the holder and the staff read. */
const issuedBody = {
  licence: anything,
  token: text(1200),
  salts: object({ terms: base64(64) }),
};

const roleGroup = oneOf(...ALL_GROUPS);
/** Holders of any group, and the root; the rule asks for the very group. */
const KEY_HOLDERS: readonly Role[] = ['root', ...Object.values(ROLE_GROUPS).flat()];
/** PrivateKeyInfo, DER. */
const privateKey = base64(1024);

/** What a certificate, or a mandate, lets somebody do for a party (design, section 4). */
export const RIGHTS = ['fill-in', 'stamp', 'manage'] as const;
export type Right = (typeof RIGHTS)[number];
const rights = list(oneOf(...RIGHTS), RIGHTS.length);
const csrs = object({ signing: der, encryption: der });
/** Two certificates of one holder, their chain, and what they may do. */
const pair = { name, signing: der, encryption: der, chain: list(der, 8), rights };

const ENTERPRISE = { body: because, by: ['enterprise'], fields: {}, party: true } as const;

export const RECORD_TYPES = {
  'trust/bundle': { fields: {}, body: null, by: ['root'], party: false },
  /** A revocation list between two bundles; a compromise names the position from which it counts. */
  'trust/crl': {
    fields: { distrusted: list(object({ certificate: hash, from: whole(0, 2 ** 40) }), 256) },
    body: null,
    by: ['root', 'registrar'],
    party: false,
  },
  /** The encryption key of a group of readers; the body is for its holders alone. */
  'trust/role-key': {
    fields: { group: roleGroup, key: base64(1024) },
    body: object({ pkcs8: privateKey }),
    by: KEY_HOLDERS,
    party: false,
  },
  /**
   * For those whom the head names in `to`: role keys of a group, by their ids; or the keys of contents
   * of a party, for a certificate that was bound to it later, by the heads that name the contents.
   */
  'trust/grant': {
    fields: { group: roleGroup, keys: list(hash, 256), certificate: hash, heads: list(hash, 128) },
    optional: ['group', 'keys', 'certificate', 'heads'],
    body: oneForm(
      object({ keys: list(object({ id: hash, pkcs8: privateKey }), 256) }),
      object({ contents: list(object({ content: hash, key: base64(64) }), 1024) }),
    ),
    by: [...KEY_HOLDERS, 'enterprise'],
    party: false,
  },
  'enterprise/register': {
    fields: { name, csrs },
    body: registration,
    by: ['registrant', 'enterprise'],
    party: true,
  },
  /** Another address or contact takes effect at once; another name waits for new certificates. */
  'enterprise/update': {
    fields: { name, csrs },
    optional: ['csrs'],
    body: registration,
    by: ['enterprise'],
    party: true,
  },
  'enterprise/approve': {
    fields: pair,
    body: null,
    by: ['registrar'],
    party: true,
  },
  /**
   * Another person of an enterprise that is registered: the answer to his registration, or to requests
   * that came as a file. In a case that is bound: the same keys, with other rights or another name.
   */
  'enterprise/bind': {
    fields: { ...pair, csrs },
    optional: ['csrs'],
    body: null,
    by: ['registrar'],
    party: true,
  },
  /** Lets another party, a customs broker, act for this one; the last one for a broker counts. */
  'enterprise/mandate': {
    fields: { broker: uscc, rights, until: time },
    body: null,
    by: ['enterprise'],
    party: true,
  },
  /** Another code stands for this one from here on: it was changed, or taken over. */
  'enterprise/succeed': {
    fields: { successor: uscc },
    body: null,
    by: ['registrar'],
    party: true,
  },
  'enterprise/reject': { fields: { reasons }, body: null, by: ['registrar'], party: true },
  'seal/apply': { fields: {}, body: sealForm, by: ['enterprise'], party: true },
  'seal/letter': { fields: {}, body: scanFindings, by: ['enterprise'], party: true },
  'seal/approve': { fields: {}, body: because, by: ['seal-reviewer'], party: true },
  'seal/reject': { fields: {}, body: because, by: ['seal-reviewer'], party: true },
  'seal/produce': {
    fields: {
      esId: text(128),
      /** SHA-256 of the SESeal. */
      seal: hash,
      holders: list(hash, 16),
      validStart: time,
      validEnd: time,
    },
    body: null,
    by: ['seal-maker'],
    party: true,
  },
  /** The authority's own seal, for the issuer whose certificate it names. */
  'seal/authority': {
    fields: { esId: text(128), seal: hash, holder: hash },
    body: null,
    by: ['seal-maker'],
    party: false,
  },
  /** Before the seal is made; asked for anew, the new one is no longer wanted. */
  'seal/withdraw': ENTERPRISE,
  'seal/suspend': { fields: {}, body: because, by: ['enterprise', 'seal-reviewer'], party: true },
  'seal/resume': { fields: {}, body: because, by: ['enterprise', 'seal-reviewer'], party: true },
  'seal/lost': ENTERPRISE,
  'seal/revoke': { fields: {}, body: because, by: ['seal-reviewer', 'seal-maker'], party: true },
  'seal/renew': ENTERPRISE,
  /** In a case of its own, or in its case again when it was returned and corrected. */
  'application/submit': {
    fields: {
      licenceType: text(40),
      flow: oneOf('electronic', 'paper'),
      /** The issuing authority's code. */
      office: text(20),
      stamp: oneOf('seal', 'plain'),
      esId: text(128),
      /** SHA-256 of the stamped form. */
      pdf: hash,
      terms: bindingDigest,
      /** How many lines of goods. */
      lines: whole(1, 40),
    },
    optional: ['esId'],
    body: object({
      application: anything,
      attachments: list(attachment, 40),
      salts: object({ terms: base64(64) }),
    }),
    by: ['enterprise'],
    party: true,
  },
  'application/withdraw': ENTERPRISE,
  'application/first-review': { ...review, by: ['first-review'] },
  'application/second-review': { ...review, by: ['second-review'] },
  'licence/number-block': {
    fields: {
      /** Signing certificate that may issue from it: `to` is a member of the header. */
      grantee: hash,
      issuer: text(8, /^[0-9A-Z]{1,8}$/),
      year: whole(2000, 2199),
      from: whole(1, 999_999_999),
      count: whole(1, 1_000_000),
      statusList: text(64),
    },
    body: null,
    by: ['root'],
    party: false,
  },
  'licence/issue': { fields: issued, body: object(issuedBody), by: ['issuer'], party: true },
  'licence/issue-paper': {
    fields: { ...issued, serial: text(40) },
    body: object(issuedBody),
    by: ['issuer'],
    party: true,
  },
  'licence/replace': {
    fields: { ...issued, replaces: number },
    body: object(issuedBody),
    by: ['issuer'],
    party: true,
  },
  'licence/collect': {
    fields: { token: hash },
    body: object({ name: text(80), document: text(80) }),
    by: ['issuer'],
    party: true,
  },
  'licence/revoke': { fields: { token: hash }, body: because, by: ['issuer'], party: true },
  /** The licence on paper: an original shows the seal clear and is counted, a copy shows it under fog. */
  'licence/print': {
    fields: { token: hash, kind: oneOf('original', 'copy') },
    body: null,
    by: ['enterprise', 'issuer'],
    party: true,
  },
  'licence/use': {
    fields: { token: hash, declaration: bindingDigest, port: bindingDigest, date, quantities },
    body: object({ declaration: text(40), customs: text(40) }),
    by: ['inspector'],
    party: true,
  },
  /** Puts right what an inspector recorded; null takes the use back. */
  'licence/use-correct': {
    fields: { token: hash, use: hash, quantities: nullOr(quantities) },
    body: because,
    by: ['inspector'],
    party: true,
  },
  'licence/status-list': { fields: { list: text(64) }, body: null, by: ['issuer'], party: false },
} as const satisfies Record<string, RecordType>;

export type RecordTypeName = keyof typeof RECORD_TYPES;

export const isRecordType = (type: string): type is RecordTypeName =>
  Object.hasOwn(RECORD_TYPES, type);

/** Checks the public fields of a record, and whether it names a party. @throws {Malformed} `record-shape` */
export function checkFields(record: { type: string; party?: string }): void {
  const known: RecordType = RECORD_TYPES[record.type as RecordTypeName];
  const fields = Object.fromEntries(
    Object.entries(record).filter(([key]) => !HEADER_FIELDS.includes(key)),
  ) as Record<string, never>;
  object(known.fields, known.optional ?? [])(fields, record.type);
  if (known.party !== (record.party !== undefined)) {
    throw new Malformed('record-shape', `${record.type}.party is missing or has no place`);
  }
}

/** Checks an opened body. @throws {Malformed} `record-shape` */
export function checkBody(type: RecordTypeName, body: never): void {
  const known: RecordType = RECORD_TYPES[type];
  known.body?.(body, `${type} body`);
}
