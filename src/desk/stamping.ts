/** Stamping PDFs from elsewhere with the seal of the person at the desk. */
import { toHex } from '../crypto/index.ts';
import { holderListed, readSeal } from '../seal/index.ts';
import type {
  BoundSeal,
  FileToStamp,
  Placement,
  Progress,
  StampLevel,
  StampOutcome,
} from './api/index.ts';
import { authoritySealOf } from './authority-seal.ts';
import type { DeskContext } from './context.ts';
import { asRefusal, DeskError } from './refusals.ts';
import { ownSeal } from './seal-making.ts';
import { noteStamp } from './seal-uses.ts';
import { signStamped, timeStampPolicy } from './time-stamps.ts';
import { boundSealView } from './views.ts';

const POINTS_PER_MM = 72 / 25.4;

/** SESeal of the enterprise, or of the authority for an issuer. */
async function sealHere(context: DeskContext): Promise<Uint8Array | null> {
  const { uscc } = await context.person();
  if (uscc !== null) return (await ownSeal(context, uscc))?.der ?? null;
  const { certificate } = context.signer();
  const roles = await context.rolesOf(certificate);
  return roles.includes('issuer') ? authoritySealOf(context, certificate).catch(() => null) : null;
}

export async function stampSeal(context: DeskContext): Promise<BoundSeal | null> {
  const der = await sealHere(context);
  return der && boundSealView(der);
}

export async function stampFiles(
  context: DeskContext,
  files: readonly FileToStamp[],
  { reason, level }: { reason: string; level: StampLevel },
  progress: Progress,
): Promise<StampOutcome> {
  const seal = await sealHere(context);
  const signer = context.signer();
  if (!seal || !(await holderListed(readSeal(seal).info.holders, signer.certificate))) {
    throw new DeskError('seal-not-bound', 'no seal is bound to this certificate');
  }
  const required = (await timeStampPolicy(context)) === 'required';
  const { esID, picture } = readSeal(seal).info;
  const { widthMm, heightMm } = picture;
  const size = { width: widthMm * POINTS_PER_MM, height: heightMm * POINTS_PER_MM };
  const outcome: StampOutcome = { done: [], refused: [] };
  for (const [index, { name, bytes, placement, password }] of files.entries()) {
    progress('stamping', index / files.length);
    try {
      const place = placed(placement, size, seal);
      const options = { pdf: bytes, password, signer, ...place, reason, time: context.now() };
      const reached = await signStamped(context, options, level, required);
      const { pdf, shortfall } = reached;
      const done = { name: stampedName(name), bytes: pdf, level: reached.level, shortfall };
      await noteStamp(context, esID, { name, bytes: pdf });
      outcome.done.push(done);
    } catch (error) {
      outcome.refused.push({ name, index, refusal: plain(asRefusal(error)) });
    }
  }
  progress('done', 1);
  return outcome;
}

function placed(
  placement: Placement,
  { width, height }: { width: number; height: number },
  seal: Uint8Array,
) {
  // Every field of a document has a name of its own.
  const field = `Seal ${toHex(crypto.getRandomValues(new Uint8Array(4)))}`;
  if (placement.kind === 'seam') return { field, appearance: { kind: 'seam', seal } } as const;
  const appearance = { kind: 'picture', seal } as const;
  if (placement.kind === 'field') return { field: placement.name, appearance };
  const { page, x, y } = placement;
  const rect = [x - width / 2, y - height / 2, x + width / 2, y + height / 2] as const;
  return { field, page, rect, appearance };
}

const plain = ({ code, message, params }: DeskError) => ({ code, message, params });

function stampedName(name: string): string {
  return `${name.replace(/\.pdf$/i, '')}-sealed.pdf`;
}
