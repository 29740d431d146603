/** The authority's own seal: made once for the issuer's certificate, fetched by itself when issuing. */
import type { Signer } from '../crypto/index.ts';
import { certificateId } from '../pki/index.ts';
import { drawSeal, sealPictureOf, writeSeal } from '../seal/index.ts';
import type { AuthoritySealState } from '../workflow/index.ts';
import { type DeskContext, newId } from './context.ts';
import { DeskError } from './refusals.ts';

const SEAL_FILE = 'seal.der';
const VENDOR = 'CNBR';

export async function produceAuthoritySeal(
  context: DeskContext,
  holder: Uint8Array,
  maker: Signer,
): Promise<void> {
  const bundle = (await context.deployment()).bundle;
  const drawing = await drawSeal(
    { kind: 'authority', name: bundle.authority.zh },
    await context.options.loadFont('serif'),
  );
  const now = context.now();
  const end = new Date(now);
  end.setUTCFullYear(end.getUTCFullYear() + 4);
  const esID = `CNBR-A-${newId().slice(0, 16)}`;
  const seal = await writeSeal({
    esID,
    vid: VENDOR,
    type: 1,
    name: bundle.authority.zh,
    holderCertificates: [holder],
    picture: sealPictureOf(drawing),
    created: now,
    validStart: now,
    validEnd: end.toISOString(),
    maker,
  });
  await context.write({
    type: 'seal/authority',
    prev: [],
    fields: { esId: esID, seal: await context.digest(seal), holder: await certificateId(holder) },
    files: [{ name: SEAL_FILE, bytes: seal, confidential: false }],
    signer: maker,
  });
}

/** @throws {DeskError} `no-authority-seal` */
export async function authoritySealOf(
  context: DeskContext,
  certificate: Uint8Array,
): Promise<Uint8Array> {
  const { authoritySeals } = await context.state();
  const made = authoritySeals.get(await certificateId(certificate));
  if (!made) throw new DeskError('no-authority-seal', 'no seal was made for the issuer');
  return authoritySealDer(context, made);
}

/** @throws {DeskError} `no-authority-seal` where the package carries none */
export async function authoritySealDer(
  context: DeskContext,
  made: AuthoritySealState,
): Promise<Uint8Array> {
  const seal = (await context.package(made.package)).files.get(SEAL_FILE);
  if (!seal) throw new DeskError('no-authority-seal', 'no seal was made for the issuer');
  return seal;
}
