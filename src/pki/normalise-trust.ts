import { fromBase64 } from '../crypto/index.ts';
import type { BareTrust, Trust, TrustBundle, TrustInput } from './trust.ts';

const bundles = new WeakMap<TrustBundle, Trust>();

/** One shape of whatever a caller trusts; nothing trusted where there is no input. */
export function normaliseTrust(input: TrustInput | undefined): Trust {
  if (!input) return ofBare({ anchors: [] });
  if (!('deployment' in input)) return ofBare(input);
  let trust = bundles.get(input);
  if (!trust) {
    trust = ofBundle(input);
    bundles.set(input, trust);
  }
  return trust;
}

function ofBare({ anchors, intermediates, crls, ocsp, sealMakers }: BareTrust): Trust {
  return {
    anchors: anchors.map((certificate) => ({ certificate, certifies: 'any' })),
    intermediates: intermediates ?? [],
    crls: crls ?? [],
    ocsp: ocsp ?? [],
    sealMakers: sealMakers ?? 'any',
    bundle: null,
  };
}

/** The bundle is a value: it was checked when it was read, and nobody changes it after. */
function ofBundle(bundle: TrustBundle): Trust {
  const makers = bundle.roster.filter(({ roles }) => roles.includes('seal-maker'));
  return {
    anchors: bundle.anchors.flatMap(({ certificate, certifies }) =>
      decoded([certificate]).map((der) => ({ certificate: der, certifies })),
    ),
    intermediates: decoded(bundle.intermediates),
    crls: decoded(bundle.crls),
    ocsp: [],
    // A role that nobody holds is held by nobody, never by everybody.
    sealMakers: decoded(makers.map(({ signing }) => signing)),
    bundle,
  };
}

const decoded = (texts: readonly string[]): Uint8Array[] =>
  texts.flatMap((text) => fromBase64(text) ?? []);
