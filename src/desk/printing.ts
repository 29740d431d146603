/** Licences on paper: originals are counted, copies show the seal under fog. */
import { fromBase64, sha256Hex, utf8 } from '../crypto/index.ts';
import { encodePng, rasterise, readSeal, readSealSvg } from '../seal/index.ts';
import { standingLicence } from '../workflow/index.ts';
import type { LicencePrint } from './api/index.ts';
import { authoritySealOf } from './authority-seal.ts';
import type { DeskContext } from './context.ts';
import { licencePdf } from './issuing.ts';
import { DeskError } from './refusals.ts';
import { fontsOf } from './seals.ts';

/** Dots across the seal of a copy: 42 mm at 300 dpi. */
const DOTS = 500;

/**
 * One sheet: the sealed file itself as an original, or a copy. What is printed is recorded first.
 * @throws {DeskError} `record-refused` with `prints-spent` where no original is left
 */
export async function printLicence(
  context: DeskContext,
  caseId: string,
  kind: 'original' | 'copy',
): Promise<LicencePrint> {
  const licence = standingLicence(await context.state(), caseId);
  if (!licence?.licence || !licence.token) {
    throw new DeskError('unknown-licence', 'no such licence on this device');
  }
  const copies = licence.prints.filter((each) => each.kind === 'copy').length;
  const pdf =
    kind === 'original'
      ? await licencePdf(context, caseId)
      : await copyOf(context, caseId, copies + 1);
  if (!pdf) throw new DeskError('unknown-licence', 'the licence is not on this device');
  await context.write({
    type: 'licence/print',
    case: licence.number,
    party: licence.uscc,
    prev: [licence.issued],
    fields: { token: licence.tokenDigest, kind },
  });
  return { kind, pdf };
}

async function copyOf(context: DeskContext, caseId: string, copy: number): Promise<Uint8Array> {
  const state = await context.state();
  const { authoritySeals } = state;
  const { licence, token, issuer } = standingLicence(state, caseId) ?? {};
  if (!licence || !token || !issuer) throw new DeskError('unknown-licence', 'no licence');
  const { policy, pilot } = await context.bundle();
  const certificate = await issuerOf(context, issuer);
  if (!certificate || authoritySeals.size === 0) {
    throw new DeskError('no-authority-seal', 'the seal of the authority is not on this device');
  }
  const seal = readSeal(await authoritySealOf(context, certificate));
  const { fogInk, withMargin } = await import('../seal/texture/index.ts');
  const binding = utf8(`${await sha256Hex(utf8(token))} ${copy}`);
  const ink = rasterise(readSealSvg(seal.info.picture.data), DOTS);
  const fogged = await fogInk(withMargin(ink), binding, policy.fogDegree / 100);
  const { composeLicence } = await import('../documents/index.ts');
  const { pdf } = await composeLicence(licence, {
    fonts: await fontsOf(context),
    token,
    pilot,
    copy: { number: copy, seal: encodePng(fogged) },
  });
  return pdf;
}

/** Certificate of somebody who stands or stood on the roster, by its id. */
async function issuerOf(context: DeskContext, id: string): Promise<Uint8Array | null> {
  const { roster, former } = await context.bundle();
  const entry = [...roster, ...former].find((each) => each.id === id);
  return entry ? fromBase64(entry.signing) : null;
}
