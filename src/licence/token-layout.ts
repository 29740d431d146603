/**
 * What the QR token says of a licence: a positional CBOR array. `null` stands for "the same as the
 * importer", "the same as the total" or "the same as the country of trade".
 */
import { type Cbor, Malformed, readCbor, writeCbor } from '../crypto/index.ts';
import type { Licence } from './licence.ts';
import { findCode } from './lists/code-list.ts';
import { LISTS, type ListName } from './lists/index.ts';
import {
  packCode,
  packDecimal,
  packText,
  packUscc,
  unpackCode,
  unpackDecimal,
  unpackText,
  unpackUscc,
} from './token-text.ts';
import {
  type Coded,
  LICENCE_TYPE_NAMES,
  LICENCE_TYPES,
  type LicenceType,
  type Party,
} from './types.ts';
import { dateOf, dayOf } from './validity.ts';

export const TOKEN_SCHEMA = 1;
/** Octets of the digest of `licence.json` that the token carries: 128 bits of SHA-256 or, in that suite, SM3. */
export const DIGEST_BYTES = 16;

export interface TokenLine {
  spec: string;
  quantity: string;
  unit: Coded;
}

/**
 * The fields that a token carries; names of codes come from this device's lists, that of the authority
 * from its trust data.
 */
export interface TokenLicence {
  type: LicenceType;
  number: string;
  importer: Party;
  consignee: Party;
  goods: { name: string; hs: string };
  lines: TokenLine[];
  /** Lines of the licence; more than `lines` where the token had to leave some out. */
  lineCount: number;
  totalQuantity: string;
  currency: Coded;
  amount: string;
  amountUsd: string;
  tradeMode: Coded;
  ports: Coded[];
  tradeCountry: Coded;
  originCountries: Coded[];
  contractNumber: string;
  authority: Coded;
  issuedOn: string;
  validUntil: string;
  maxUses: number;
  statusList: { id: string; index: number };
  /** First 16 octets of the digest of `licence.json`, hex. */
  digest: string;
  pilot: boolean;
  /** Text was cut to fit; the cut ends in an ellipsis. */
  shortened: boolean;
}

/** Widths of codes that are printed with leading zeros. */
const WIDTH = { hs: 10, unit: 3, tradeMode: 4, port: 4, authority: 6 } as const;
const FLAG = { pilot: 1, shortened: 2 } as const;

/** The part of a licence that goes into its token, before anything is shortened. */
export function tokenLicence(licence: Licence, digest: string): TokenLicence {
  return {
    ...licence,
    lines: licence.lines.map(({ spec, quantity, unit }) => ({ spec, quantity, unit })),
    lineCount: licence.lines.length,
    totalQuantity: licence.totals.quantity,
    amount: licence.totals.amount,
    amountUsd: licence.totals.amountUsd,
    digest: digest.slice(0, 2 * DIGEST_BYTES),
    shortened: false,
  };
}

/** @throws {Malformed} `token-…` for values that no token can carry */
export function packLicence(of: TokenLicence): Uint8Array {
  const issued = dayOf(of.issuedOn);
  const until = dayOf(of.validUntil);
  if (issued === null || until === null || until < issued) {
    throw new Malformed('token-date', 'dates of issue and expiry');
  }
  const { importer, consignee, statusList } = of;
  const origins = of.originCountries.map((country) => country.code);
  const sameOrigin = origins.length === 1 && origins[0] === of.tradeCountry.code;
  return writeCbor([
    TOKEN_SCHEMA,
    LICENCE_TYPES[of.type].tokenCode,
    packText(of.number),
    packText(importer.name),
    packUscc(importer.code),
    consignee.name === importer.name ? null : packText(consignee.name),
    consignee.code === importer.code ? null : packUscc(consignee.code),
    packCode(of.goods.hs, WIDTH.hs),
    packText(of.goods.name),
    of.lines.map((line) => [
      packText(line.spec),
      packDecimal(line.quantity),
      packCode(line.unit.code, WIDTH.unit),
    ]),
    of.lineCount,
    of.totalQuantity === '' ? null : packDecimal(of.totalQuantity),
    packText(of.currency.code),
    packDecimal(of.amount),
    of.amountUsd === of.amount ? null : packDecimal(of.amountUsd),
    packCode(of.tradeMode.code, WIDTH.tradeMode),
    of.ports.map((port) => packCode(port.code, WIDTH.port)),
    packText(of.tradeCountry.code),
    sameOrigin ? null : origins.map(packText),
    packText(of.contractNumber),
    packCode(of.authority.code, WIDTH.authority),
    issued,
    until - issued,
    of.maxUses,
    packText(statusList.id),
    statusList.index,
    hexBytes(of.digest),
    (of.pilot ? FLAG.pilot : 0) | (of.shortened ? FLAG.shortened : 0),
  ]);
}

const FIELD_COUNT = 28;

/** @throws {Malformed} for anything but the one encoding of a token licence */
export function unpackLicence(payload: Uint8Array): TokenLicence {
  const root = list(readCbor(payload), FIELD_COUNT, FIELD_COUNT);
  let at = 0;
  const next = (): Cbor => root[at++] as Cbor;
  if (next() !== TOKEN_SCHEMA) throw new Malformed('token-schema', 'another schema version');
  const type = typeOf(next());
  const number = unpackText(next(), 40);
  const importer = { name: unpackText(next()), code: unpackUscc(next()) };
  const [name, code] = [next(), next()];
  const consignee = {
    name: name === null ? importer.name : other(unpackText(name), importer.name),
    code: code === null ? importer.code : other(unpackUscc(code), importer.code),
  };
  const goods = { hs: unpackCode(next(), WIDTH.hs), name: unpackText(next()) };
  const lines = list(next(), 0, 99).map((line) => {
    const [spec, quantity, unit] = list(line, 3, 3);
    return {
      spec: unpackText(spec),
      quantity: unpackDecimal(quantity),
      unit: named('units', unpackCode(unit, WIDTH.unit)),
    };
  });
  const lineCount = whole(next(), lines.length, 999);
  const total = next();
  const totalQuantity = total === null ? '' : unpackDecimal(total);
  const currency = named('currencies', unpackText(next(), 3));
  const amount = unpackDecimal(next());
  const usd = next();
  const amountUsd = usd === null ? amount : other(unpackDecimal(usd), amount);
  const tradeMode = named('tradeModes', unpackCode(next(), WIDTH.tradeMode));
  const ports = list(next(), 0, 9).map((port) => named('ports', unpackCode(port, WIDTH.port)));
  const tradeCountry = named('countries', unpackText(next(), 3));
  const origin = next();
  const originCountries =
    origin === null
      ? [tradeCountry]
      : list(origin, 0, 20).map((country) => named('countries', unpackText(country, 3)));
  if (origin !== null && originCountries.length === 1) {
    other(originCountries[0]?.code ?? '', tradeCountry.code);
  }
  const contractNumber = unpackText(next());
  const authority = unnamed(unpackCode(next(), WIDTH.authority));
  const issued = whole(next(), 0, 100_000);
  const issuedOn = dateOf(issued);
  const validUntil = dateOf(issued + whole(next(), 0, 20_000));
  const maxUses = whole(next(), 1, 999);
  const statusList = { id: unpackText(next(), 32), index: whole(next(), 0, 2 ** 31) };
  const bytes = next();
  if (!(bytes instanceof Uint8Array) || bytes.length !== DIGEST_BYTES) {
    throw new Malformed('token-digest', 'digest');
  }
  const flags = whole(next(), 0, FLAG.pilot | FLAG.shortened);
  return {
    ...{ type, number, importer, consignee, goods, lines, lineCount, totalQuantity, currency },
    ...{ amount, amountUsd, tradeMode, ports, tradeCountry, originCountries, contractNumber },
    ...{ authority, issuedOn, validUntil, maxUses, statusList },
    digest: [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(''),
    pilot: (flags & FLAG.pilot) !== 0,
    shortened: (flags & FLAG.shortened) !== 0,
  };
}

function list(value: Cbor | undefined, min: number, max: number): readonly Cbor[] {
  if (!Array.isArray(value) || value.length < min || value.length > max) {
    throw new Malformed('token-form', 'an array of another length');
  }
  return value as readonly Cbor[];
}

function whole(value: Cbor, min: number, max: number): number {
  if (typeof value !== 'number' || value < min || value > max) {
    throw new Malformed('token-number', 'out of range');
  }
  return value;
}

/** What is equal to its default is written as null, never out. */
function other(value: string, than: string): string {
  if (value === than) throw new Malformed('token-form', 'written although the same');
  return value;
}

function typeOf(value: Cbor): LicenceType {
  const type = LICENCE_TYPE_NAMES.find((name) => LICENCE_TYPES[name].tokenCode === value);
  if (!type) throw new Malformed('token-type', 'unknown licence type');
  return type;
}

function named(name: ListName, code: string): Coded {
  return findCode(LISTS[name], code) ?? unnamed(code);
}

/** No list names issuing authorities: whoever is trusted to issue says what it is called. */
const unnamed = (code: string): Coded => ({ code, zh: code, en: code });

function hexBytes(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}
