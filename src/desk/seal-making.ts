/** Making the seal of an enterprise, and the copy that only its holder opens. */
import { fromBase64 } from '../crypto/index.ts';
import { OWN_ENVELOPE } from '../packages/index.ts';
import { certificateId, readCertificate } from '../pki/index.ts';
import {
  drawSeal,
  openSealForHolder,
  sealForHolder,
  sealPictureOf,
  writeSeal,
} from '../seal/index.ts';
import { boundSeal, type SealCaseState } from '../workflow/index.ts';
import type { SealForm } from './api/index.ts';
import { type DeskContext, newId } from './context.ts';
import { READERS } from './device-records.ts';
import { DeskError } from './refusals.ts';
import { designOf, sealCase } from './seals.ts';

/** SESeal as those who review and make seals read it. */
export const SEAL_FILE = 'seal.der';
/** SESeal, compressed and encrypted to the holder alone. */
const HOLDER_FILE = `holder-copy${OWN_ENVELOPE}`;
const VENDOR = 'CNBR';
/** Years that a seal is made for. */
const YEARS = 3;

/** The maker draws the seal from the approved form and signs it for the enterprise's certificate. */
export async function produceSeal(context: DeskContext, caseId: string): Promise<void> {
  await context.demandRole('seal-maker');
  const found = await sealCase(context, caseId);
  const form = found.form as unknown as SealForm | null;
  const enterprise = [...(await context.state()).enterprises.values()].find(
    (each) => each.uscc === found.uscc && each.state === 'approved',
  );
  if (!form || !enterprise?.certificates) {
    throw new DeskError('not-registered', 'the enterprise or its application is not known here');
  }
  const holder = fromBase64(enterprise.certificates.signing) as Uint8Array;
  const receiver = fromBase64(enterprise.certificates.encryption) as Uint8Array;
  const drawing = await drawSeal(designOf(form), await context.options.loadFont('serif'));
  const validStart = `${context.now().slice(0, 19)}Z`;
  const end = new Date(validStart);
  end.setUTCFullYear(end.getUTCFullYear() + YEARS);
  // No longer than the certificate that it is made for.
  const { notAfter } = readCertificate(holder);
  const validEnd = `${new Date(Math.min(end.getTime(), notAfter)).toISOString().slice(0, 19)}Z`;
  const esID = `${found.uscc}-${caseId.slice(0, 8)}-${newId().slice(0, 8)}`;
  const seal = await writeSeal({
    esID,
    vid: VENDOR,
    type: 1,
    name: form.lower ? `${form.name}${form.lower}` : form.name,
    holderCertificates: [holder],
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
      holders: [await certificateId(holder)],
      validStart,
      validEnd,
    },
    files: [
      { name: HOLDER_FILE, bytes: await sealForHolder(seal, receiver), confidential: false },
      { name: SEAL_FILE, bytes: seal, confidential: true },
    ],
    recipients: await context.staffRecipients(...READERS.seal),
    alsoTo: [receiver],
  });
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
