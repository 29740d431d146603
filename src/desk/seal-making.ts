/** Making the seal of an enterprise, and the copy that only its holders open. */
import { fromBase64 } from '../crypto/index.ts';
import { OWN_ENVELOPE } from '../packages/index.ts';
import { readCertificate } from '../pki/index.ts';
import {
  drawSeal,
  openSealForHolder,
  sealForHolders,
  sealPictureOf,
  writeSeal,
} from '../seal/index.ts';
import { bindingsWithRight, boundSeal, type SealCaseState } from '../workflow/index.ts';
import type { SealForm } from './api/index.ts';
import { type DeskContext, newId } from './context.ts';
import { READERS } from './device-records.ts';
import { type BoundPair, isInForce } from './parties/in-force.ts';
import { DeskError } from './refusals.ts';
import { designOf, sealCase } from './seals.ts';

/** SESeal as those who review and make seals read it. */
export const SEAL_FILE = 'seal.der';
/** SESeal, compressed and encrypted to the holders alone. */
const HOLDER_FILE = `holder-copy${OWN_ENVELOPE}`;
const VENDOR = 'CNBR';
/** Years that a seal is made for. */
const YEARS = 3;
/** A record names so many holders. */
const MOST_HOLDERS = 16;

/** The maker draws the seal from the approved form and signs it for each certificate that may stamp. */
export async function produceSeal(context: DeskContext, caseId: string): Promise<void> {
  await context.demandRole('seal-maker');
  const found = await sealCase(context, caseId);
  const form = found.form as unknown as SealForm | null;
  const pairs = await stampingPairs(context, found.uscc);
  if (!form || pairs.length === 0) {
    throw new DeskError('not-registered', 'the enterprise or its application is not known here');
  }
  const der = (text: string) => fromBase64(text) as Uint8Array;
  const holders = pairs.map(({ signing }) => der(signing));
  const receivers = pairs.map(({ encryption }) => der(encryption));
  const drawing = await drawSeal(designOf(form), await context.options.loadFont('serif'));
  const validStart = `${context.now().slice(0, 19)}Z`;
  const end = new Date(validStart);
  end.setUTCFullYear(end.getUTCFullYear() + YEARS);
  // No longer than a certificate that it is made for.
  const last = Math.max(...holders.map((each) => readCertificate(each).notAfter));
  const validEnd = `${new Date(Math.min(end.getTime(), last)).toISOString().slice(0, 19)}Z`;
  const esID = `${found.uscc}-${caseId.slice(0, 8)}-${newId().slice(0, 8)}`;
  const seal = await writeSeal({
    esID,
    vid: VENDOR,
    type: 1,
    name: form.lower ? `${form.name}${form.lower}` : form.name,
    holderCertificates: holders,
    picture: sealPictureOf(drawing),
    created: validStart,
    validStart,
    validEnd,
    maker: context.signer(),
  });
  await context.write({
    type: 'seal/produce',
    case: caseId,
    party: found.uscc,
    prev: [found.head],
    fields: {
      esId: esID,
      seal: await context.digest(seal),
      holders: pairs.map(({ id }) => id),
      validStart,
      validEnd,
    },
    files: [
      { name: HOLDER_FILE, bytes: await sealForHolders(seal, receivers), confidential: false },
      { name: SEAL_FILE, bytes: seal, confidential: true },
    ],
    recipients: await context.staffRecipients(...READERS.seal),
    alsoTo: receivers,
  });
}

/** Whoever may stamp for a party here and now: its own people, and brokers whom it lets do so. */
async function stampingPairs(context: DeskContext, uscc: string): Promise<BoundPair[]> {
  const state = await context.state();
  const bundle = await context.bundle();
  const now = context.now();
  const found: BoundPair[] = [];
  for (const each of bindingsWithRight(state, uscc, 'stamp', now)) {
    const expired =
      readCertificate(fromBase64(each.signing) as Uint8Array).notAfter < Date.parse(now);
    if (!expired && (await isInForce(each, bundle))) found.push(each);
  }
  return found.slice(0, MOST_HOLDERS);
}

/** The enterprise's own seal, fetched by itself and opened with its own key. */
export async function ownSeal(
  context: DeskContext,
  uscc: string,
): Promise<{ der: Uint8Array; state: SealCaseState } | null> {
  const state = boundSeal((await context.state()).seals.values(), uscc, context.now());
  if (!state?.seal) return null;
  const copy = (await context.package(state.seal.package)).files.get(HOLDER_FILE);
  const der = copy && (await context.opened((decrypter) => openSealForHolder(copy, decrypter)));
  return der ? { der, state } : null;
}
