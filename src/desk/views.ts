/** What pages are shown of cases: the fold's state in the shapes of the desk's interface. */
import {
  addDecimals,
  compareDecimals,
  isExpired,
  readDecimal,
  writeDecimal,
} from '../licence/index.ts';
import { readCertificate, signerName } from '../pki/index.ts';
import { readSeal } from '../seal/index.ts';
import type {
  ApplicationCaseState,
  EnterpriseCase,
  LicenceCaseState,
  ProducedSeal,
  SealCaseState,
  StepEntry,
} from '../workflow/index.ts';
import type {
  ApplicationSummary,
  BoundSeal,
  LicenceState,
  LicenceSummary,
  SealCaseSummary,
  SealForm,
  Step,
} from './api/index.ts';

export function stepView(step: StepEntry): Step {
  const { id, type, at, place, reasons, refusal } = step;
  return {
    id,
    type,
    at,
    logged: place,
    by: { id: step.by, name: step.byName, organization: step.byOrganization },
    reasons,
    counts: refusal === null,
    refusal,
  };
}

export function applicationSummary(found: ApplicationCaseState): ApplicationSummary {
  const { application } = found;
  return {
    caseId: found.case,
    licenceType: found.licenceType,
    applicant: found.enterprise,
    broker: found.broker,
    uscc: found.uscc,
    goods: application?.goods.name ?? '',
    amount: application?.totals.amount ?? '',
    currency: application?.currency.code ?? '',
    flow: found.flow,
    state: found.state,
    stamped: found.stamp,
    submittedAt: found.submittedAt,
    since: found.since,
    reasons: found.reasons,
    licenceNumber: found.licence,
    provisional: found.provisional,
    unread: application === null,
    held: null,
  };
}

export function licenceSummary(found: LicenceCaseState, now: string): LicenceSummary {
  const { licence, serial, collected } = found;
  const used = usedQuantity(found);
  return {
    caseId: found.case,
    number: found.number,
    licenceType: licence?.type ?? '',
    holder: licence?.importer.name ?? '',
    uscc: found.uscc,
    goods: licence?.goods.name ?? '',
    quantity: sumOf(found.quantities),
    unit: licence?.lines[0]?.unit.zh ?? '',
    used,
    uses: countedUses(found),
    maxUses: found.maxUses,
    issuedAt: found.issuedAt,
    issuedOn: found.validFrom,
    expires: found.validUntil,
    ports: licence?.ports ?? [],
    tolerance: found.tolerance,
    flow: found.flow,
    paper:
      found.flow === 'paper'
        ? {
            serial: serial ?? '',
            collectedBy: collected?.name ?? null,
            collectedAt: collected?.at ?? null,
          }
        : null,
    state: licenceState(found, now),
    unread: licence === null,
    provisional: found.provisional,
  };
}

const usedQuantity = (found: LicenceCaseState): string =>
  sumOf(found.uses.flatMap(({ quantities }) => quantities));

/** Sum of decimal strings. */
export function sumOf(quantities: readonly string[]): string {
  let sum = { mantissa: 0n, scale: 0 };
  for (const quantity of quantities) {
    const each = readDecimal(quantity);
    if (each) sum = addDecimals(sum, each);
  }
  return writeDecimal(sum);
}

export function licenceState(found: LicenceCaseState, now: string): LicenceState {
  if (found.conflict) return 'conflict';
  if (found.revoked) return 'revoked';
  if (found.replacedBy !== null) return 'replaced';
  if (isSpent(found)) return 'exhausted';
  if (isExpired(found.validUntil, now)) return 'expired';
  return countedUses(found) > 0 ? 'partially-used' : 'in-force';
}

/** Uses that were not taken back. */
const countedUses = ({ uses }: LicenceCaseState): number =>
  uses.filter(({ quantities }) => quantities.length > 0).length;

/** The uses or the quantity are spent. */
function isSpent(found: LicenceCaseState): boolean {
  if (countedUses(found) >= found.maxUses) return true;
  const [used, total] = [usedQuantity(found), sumOf(found.quantities)].map(readDecimal);
  return !!used && !!total && compareDecimals(used, total) >= 0;
}

export function sealSummary(found: SealCaseState, now: string): SealCaseSummary {
  return {
    caseId: found.case,
    enterprise: found.enterprise,
    uscc: found.uscc,
    kind: 'seal',
    state:
      found.state === 'bound' && found.seal && Date.parse(found.seal.validEnd) < Date.parse(now)
        ? 'expired'
        : found.state,
    renewing: found.renewing,
    suspendedByAuthority: found.suspendedByAuthority,
    since: found.since,
    shape: (found.form as { kind?: SealForm['kind'] } | null)?.kind ?? null,
    made: found.seal && made(found.seal),
  };
}

const made = ({ esId, validStart, validEnd }: ProducedSeal) => ({ esId, validStart, validEnd });

export function registrationSummary(found: EnterpriseCase): SealCaseSummary {
  return {
    caseId: found.case,
    enterprise: found.change?.name ?? found.name,
    uscc: found.uscc,
    kind: 'registration',
    state: found.change ? 'waiting' : found.state,
    renewing: false,
    suspendedByAuthority: false,
    since: found.change?.since ?? found.since,
    shape: null,
    made: null,
  };
}

export function boundSealView(der: Uint8Array): BoundSeal {
  const seal = readSeal(der);
  const { esID, name, picture, validStart, validEnd } = seal.info;
  const maker = signerName(readCertificate(seal.makerCertificate)).name;
  return {
    esId: esID,
    name,
    svg: new TextDecoder().decode(picture.data),
    widthMm: picture.widthMm,
    heightMm: picture.heightMm,
    validStart,
    validEnd,
    maker,
    der,
  };
}
