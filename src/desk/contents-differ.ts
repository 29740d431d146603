/**
 * Whether the contents of an issue are what its head says (finding `contents-differ`). An issue counts by
 * its head, which carries the terms that were reviewed; licence, token and PDF lie beside it, and an
 * issuer's key alone can put others there.
 */
import {
  type Bytes,
  canonicalJson,
  digestHex,
  equal,
  fromUtf8,
  type SuiteDigest,
  suiteDigestOf,
  utf8,
} from '../crypto/index.ts';
import {
  compareDecimals,
  type Licence,
  licenceJson,
  readDecimal,
  readLicenceToken,
  termsOf,
} from '../licence/index.ts';
import { bindingDigest } from '../packages/index.ts';
import type { TrustBundle } from '../pki/index.ts';
import type { LicenceCaseState } from '../workflow/index.ts';
import type { DifferingContent } from './api/index.ts';

/** Digest of `licence.json` in a token: the first 16 octets, hex. */
const DIGEST_CHARACTERS = 32;

/**
 * @param found with what its body says laid over it
 * @param pdf null where it is not here: then nothing is said of it
 * @param trust with which the token is read
 */
export async function differing(
  found: LicenceCaseState,
  pdf: Uint8Array | null,
  trust: TrustBundle,
): Promise<DifferingContent[]> {
  const { licence, token } = found;
  const out: DifferingContent[] = [];
  const digest = suiteDigestOf(trust.policy.suite);
  if (licence && !(await isReviewed(found, licence, trust.deployment, digest))) out.push('licence');
  if (token && !(await isToken(found, token, licence, trust))) out.push('token');
  if (pdf && !(await isPdf(found, pdf, licence, digest))) out.push('pdf');
  return out;
}

async function isReviewed(
  { terms, termsSalt, uscc: party, ...head }: LicenceCaseState,
  licence: Licence,
  deployment: string,
  digest: SuiteDigest,
): Promise<boolean> {
  const salt = termsSalt ?? '';
  const fact = { deployment, party, name: 'terms', salt, value: termsOf(licence) };
  const own = {
    number: head.number,
    validFrom: head.validFrom,
    validUntil: head.validUntil,
    maxUses: head.maxUses,
    tolerance: head.tolerance,
    quantities: head.quantities,
  };
  const said = {
    number: licence.number,
    validFrom: licence.issuedOn,
    validUntil: licence.validUntil,
    maxUses: licence.maxUses,
    tolerance: licence.tolerance,
    quantities: licence.lines.map(({ quantity }) => quantity),
  };
  if (canonicalJson(own) !== canonicalJson(said)) return false;
  try {
    return (await bindingDigest(digest, fact)) === terms;
  } catch {
    return false;
  }
}

/** The token of the head, over the very `licence.json`, and with nothing else in its own fields. */
async function isToken(
  { tokenDigest, number }: LicenceCaseState,
  token: string,
  licence: Licence | null,
  trust: TrustBundle,
): Promise<boolean> {
  const suite = suiteDigestOf(trust.policy.suite);
  if ((await digestHex(suite, utf8(token))) !== tokenDigest) return false;
  const report = await readLicenceToken(token, { trust });
  const said = report.licence ?? report.claimed;
  if (!said || said.number !== number) return false;
  if (!licence) return true;
  const json = (await digestHex(suite, licenceJson(licence))).slice(0, DIGEST_CHARACTERS);
  const { importer, goods, currency, amount, totalQuantity, validUntil, maxUses } = said;
  return (
    said.digest === json &&
    importer.code === licence.importer.code &&
    goods.hs === licence.goods.hs &&
    sameText(goods.name, licence.goods.name, said.shortened) &&
    currency.code === licence.currency.code &&
    sameNumber(amount, licence.totals.amount) &&
    sameNumber(totalQuantity, licence.totals.quantity) &&
    validUntil === licence.validUntil &&
    maxUses === licence.maxUses
  );
}

/** A token leaves out zeros at the end, and a total that there is none of. */
function sameNumber(said: string, whole: string): boolean {
  const [one, other] = [readDecimal(said), readDecimal(whole)];
  return one && other ? compareDecimals(one, other) === 0 : said === whole;
}

/** A text that was cut to fit ends in an ellipsis. */
function sameText(said: string, whole: string, shortened: boolean): boolean {
  if (said === whole) return true;
  return shortened && said.endsWith('…') && whole.startsWith(said.slice(0, -1));
}

async function isPdf(
  head: LicenceCaseState,
  pdf: Uint8Array,
  licence: Licence | null,
  digest: SuiteDigest,
): Promise<boolean> {
  if ((await digestHex(digest, pdf)) !== head.pdf) return false;
  if (!licence) return true;
  const carried = await attached(pdf);
  return carried !== null && equal(carried, licenceJson(licence));
}

async function attached(pdf: Uint8Array): Promise<Bytes | null> {
  const { extractAttachment } = await import('../pdf/index.ts');
  try {
    const bytes = await extractAttachment(pdf, 'licence.json');
    return bytes && fromUtf8(bytes) !== null ? Uint8Array.from(bytes) : null;
  } catch {
    return null;
  }
}
