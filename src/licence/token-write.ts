/** Making the QR token of a licence: pack, shorten if it must be, sign, spell. */
import { lowS } from '../cms/index.ts';
import {
  canonicalJson,
  digestHex,
  ES256,
  ecdsaToRaw,
  Malformed,
  type Signer,
  SM2_SM3,
  suiteDigestOf,
  toBase45,
  utf8,
  writeCoseSign1,
} from '../crypto/index.ts';
import { certificateHash } from '../pki/index.ts';
import type { Licence } from './licence.ts';
import { packLicence, type TokenLicence, tokenLicence } from './token-layout.ts';

export const TOKEN_PREFIX = 'EL1:';
/** Octets of the key id: the beginning of the digest that names the issuing certificate. */
export const KID_BYTES = 8;
/** COSE octets that still fit QR version 18-M. */
export const MAX_COSE = 540;
/** Of a COSE_Sign1 besides its payload: array and map, protected header, head of the payload, signature. */
const ENVELOPE = { 'P-256': 2 + 14 + 3 + 66, SM2: 2 + 18 + 3 + 66 };

export interface LicenceToken {
  /** `EL1:` and base45. */
  text: string;
  /** What was cut to fit: `goods.name`, `lines`, `consignee.name`, `importer.name`; usually empty. */
  shortened: string[];
}

const ELLIPSIS = '…';

/** The bytes of `licence.json`, which the token's digest is taken over. */
export function licenceJson(licence: Licence): Uint8Array {
  return utf8(canonicalJson(licence));
}

/**
 * Signs with ES256, or with SM2 where the signer's suite is that. What would not fit QR version
 * 18-M is cut, in an order that is always the same, marked by an ellipsis and by a flag.
 * @throws {Malformed} `unsupported-alg` for other keys, `token-size`, `token-…` for values that no token can carry
 */
export async function makeLicenceToken(licence: Licence, signer: Signer): Promise<LicenceToken> {
  const digest = await digestHex(suiteDigestOf(signer.suite), licenceJson(licence));
  const { suite } = signer;
  if (suite !== 'P-256' && suite !== 'SM2') {
    throw new Malformed('unsupported-alg', `tokens know no ${suite} signatures`);
  }
  const room = MAX_COSE - ENVELOPE[suite];
  const { payload, shortened } = fit(tokenLicence(licence, digest), room);
  const kid = (await certificateHash(signer.certificate)).slice(0, KID_BYTES);
  const international = suite === 'P-256';
  const alg = international ? ES256 : SM2_SM3;
  const cose = await writeCoseSign1(alg, kid, payload, async (data) => {
    const value = await signer.sign(data);
    return ecdsaToRaw(international ? lowS(value) : value, 32);
  });
  return { text: TOKEN_PREFIX + toBase45(cose), shortened };
}

/** As {@link makeLicenceToken}: the text alone. */
export async function encodeLicenceToken(licence: Licence, signer: Signer): Promise<string> {
  return (await makeLicenceToken(licence, signer)).text;
}

/** Steps of shortening; each is taken as far as needed before the next. */
const STEPS: readonly { field: string; cut: (of: TokenLicence) => TokenLicence | null }[] = [
  { field: 'lines', cut: (of) => cutSpec(of) },
  {
    field: 'goods.name',
    cut: (of) => cutText(of.goods.name, 8, (name) => ({ ...of, goods: { ...of.goods, name } })),
  },
  {
    field: 'lines',
    cut: (of) => (of.lines.length > 0 ? { ...of, lines: of.lines.slice(0, -1) } : null),
  },
  {
    field: 'consignee.name',
    cut: (of) =>
      cutText(of.consignee.name, 12, (name) => ({ ...of, consignee: { ...of.consignee, name } })),
  },
  {
    field: 'importer.name',
    cut: (of) =>
      cutText(of.importer.name, 12, (name) => ({ ...of, importer: { ...of.importer, name } })),
  },
  {
    field: 'contractNumber',
    cut: (of) => cutText(of.contractNumber, 8, (contractNumber) => ({ ...of, contractNumber })),
  },
];

function fit(licence: TokenLicence, room: number): { payload: Uint8Array; shortened: string[] } {
  const shortened = new Set<string>();
  let current = licence;
  let payload = packLicence(current);
  for (const { field, cut } of STEPS) {
    while (payload.length > room) {
      const next = cut(current);
      if (!next) break;
      shortened.add(field);
      current = { ...next, shortened: true };
      payload = packLicence(current);
    }
  }
  if (payload.length > room) {
    throw new Malformed('token-size', 'does not fit QR version 18-M');
  }
  return { payload, shortened: [...shortened] };
}

/** One character less before the ellipsis; null at `least` characters. */
function cutText(
  text: string,
  least: number,
  put: (text: string) => TokenLicence,
): TokenLicence | null {
  const characters = [...text.replace(/…$/, '')];
  if (characters.length <= least) return null;
  return put(`${characters.slice(0, -1).join('').trimEnd()}${ELLIPSIS}`);
}

/** The longest specification loses a character; of equals, the last. */
function cutSpec(of: TokenLicence): TokenLicence | null {
  const length = (text: string) => [...text.replace(/…$/, '')].length;
  let at = -1;
  of.lines.forEach(({ spec }, i) => {
    if (at < 0 || length(spec) >= length(of.lines[at]?.spec ?? '')) at = i;
  });
  const line = of.lines[at];
  if (!line) return null;
  return cutText(line.spec, 6, (spec) => ({ ...of, lines: of.lines.with(at, { ...line, spec }) }));
}
