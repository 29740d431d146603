/**
 * Recording the use of a licence (核销) by an inspector. What the record needs is on the licence's
 * code: its number, and the token whose digest the record names.
 */
import { sha256Hex, utf8 } from '../crypto/index.ts';
import {
  addDecimals,
  checkUse,
  chinaDate,
  compareDecimals,
  type Decimal,
  type Licence,
  type LicenceUse,
  normaliseCode,
  readDecimal,
  typedDecimal,
  writeDecimal,
} from '../licence/index.ts';
import { bindingDigest, useSalt } from '../packages/index.ts';
import { type LicenceCaseState, licenceNumbered } from '../workflow/index.ts';
import type { DeskContext } from './context.ts';
import { READERS } from './device-records.ts';
import { DeskError } from './refusals.ts';
import { sumOf } from './views.ts';

export async function recordUse(
  context: DeskContext,
  number: string,
  typed: LicenceUse,
): Promise<void> {
  await context.demandRole('inspector');
  const found = licenceNumbered(await context.state(), number).find(
    (each) => each.replacedBy === null,
  );
  if (!found) throw new DeskError('unknown-licence', 'no such licence on this device');
  const { token, licence, uscc: party } = found;
  if (!token || !licence) {
    throw new DeskError('licence-unread', 'the licence cannot be opened here');
  }
  const use = meant(typed);
  checkOne(found, licence, use, context.now());
  const { deployment } = (await context.deployment()).bundle;
  const salt = await useSalt(token);
  const bound = (name: string, value: string) =>
    bindingDigest({ deployment, party, name, salt, value });
  const { declaration, customs } = use;
  await context.write({
    type: 'licence/use',
    case: number,
    party,
    prev: [found.issued],
    fields: {
      token: await sha256Hex(utf8(token)),
      declaration: await bound('declaration', declaration),
      port: await bound('port', customs),
      date: use.date,
      quantities: spread(found, use.quantity),
    },
    body: { declaration, customs },
    recipients: await context.recipientsWith(party, ...READERS.licence),
  });
}

function meant({ declaration, customs, date, quantity: typed }: LicenceUse): LicenceUse {
  const quantity = typedDecimal(typed);
  if (!quantity) throw refused('quantity-form');
  return {
    declaration: normaliseCode(declaration),
    customs: normaliseCode(customs),
    date,
    quantity,
  };
}

const refused = (detail: string) =>
  new DeskError('record-refused', 'the use does not fit the licence', { detail });

/** What would be shown as over-use is not recorded by mistake. */
function checkOne(found: LicenceCaseState, licence: Licence, use: LicenceUse, now: string): void {
  const { ports, issuedOn, validUntil, tolerance, totals } = licence;
  const used = sumOf(found.uses.flatMap(({ quantities }) => quantities));
  const terms = { ports, issuedOn, validUntil, tolerance, quantity: totals.quantity, used };
  const [fault] = checkUse(terms, use, chinaDate(now));
  if (fault) throw refused(fault.code);
  const counted = found.uses.filter(({ quantities }) => quantities.length > 0);
  if (counted.length >= found.maxUses) throw refused('uses-spent');
  if (found.revoked || found.conflict) throw refused('not-in-force');
}

/** Fills the lines in their order; what exceeds them all stands on the last. */
function spread({ quantities, uses }: LicenceCaseState, quantity: string): string[] {
  let rest = readDecimal(quantity) ?? ZERO;
  return quantities.map((allowed, line) => {
    const used = uses.reduce(
      (sum, each) => addDecimals(sum, readDecimal(each.quantities[line] ?? '') ?? ZERO),
      ZERO,
    );
    const free = minus(readDecimal(allowed) ?? ZERO, used);
    const last = line === quantities.length - 1;
    const part = last || compareDecimals(rest, free) <= 0 ? rest : free;
    const taken = compareDecimals(part, ZERO) < 0 ? ZERO : part;
    rest = minus(rest, taken);
    return writeDecimal(taken);
  });
}

const ZERO: Decimal = { mantissa: 0n, scale: 0 };

const minus = (a: Decimal, b: Decimal): Decimal => addDecimals(a, { ...b, mantissa: -b.mantissa });
