/** `files/trust.json` of a `trust/bundle` package: read strictly, written canonically. */
import {
  type Bytes,
  canonicalJson,
  fromBase64,
  type Json,
  Malformed,
  readCanonicalJson,
  readDer,
  readPublicKey,
  toBase64,
  utf8,
} from '../../crypto/index.ts';
import { readCertificate } from '../certificate.ts';
import { certificateId } from '../certificate-id.ts';
import { isPilot } from '../pilot.ts';
import type { Certifies, Role, RosterEnd, TrustBundle } from '../trust.ts';
import {
  base64,
  flag,
  hash,
  list,
  matching,
  object,
  oneOf,
  setOf,
  text,
  time,
  whole,
} from './shape.ts';

const MAX_BYTES = 8 << 20;
const CERTIFICATE_BYTES = 16 << 10;

const CERTIFIES: Certifies[] = ['enterprise', 'staff', 'seal-maker', 'time-stamp'];
const ROLES: Role[] = [
  'root',
  'registrar',
  'seal-reviewer',
  'seal-maker',
  'first-review',
  'second-review',
  'issuer',
  'inspector',
];

const certificate = base64(CERTIFICATE_BYTES, (bytes, path) => {
  try {
    readCertificate(bytes);
  } catch (error) {
    if (error instanceof Malformed)
      throw new Malformed('bundle-certificate', `${path}: ${error.code}`);
    throw error;
  }
});

const crl = base64(2 << 20, (bytes, path) => {
  try {
    readDer(bytes);
  } catch (error) {
    if (error instanceof Malformed) throw new Malformed('bundle-crl', `${path}: ${error.code}`);
    throw error;
  }
});

const publicKey = base64(1024, (bytes, path) => {
  try {
    readPublicKey(bytes);
  } catch (error) {
    if (error instanceof Malformed) throw new Malformed('bundle-key', `${path}: ${error.code}`);
    throw error;
  }
});

const localised = { zh: text(200), en: text(200) };

const ENDS: RosterEnd[] = ['renewed', 'left', 'role-changed', 'compromised'];

const ENTRY = {
  id: hash,
  person: hash,
  name: text(200),
  organization: text(200),
  roles: setOf(oneOf(...ROLES), ROLES.length, 1),
  signing: certificate,
  encryption: certificate,
  since: time,
};

const BUNDLE = object(
  {
    v: oneOf(1),
    deployment: hash,
    name: object(localised),
    authority: object({ ...localised, code: text(32) }),
    pilot: flag,
    seq: whole(1),
    issuedAt: time,
    nextUpdate: time,
    root: certificate,
    nextRoot: hash,
    recoveryKey: publicKey,
    previous: hash,
    anchors: list(object({ certificate, certifies: setOf(oneOf(...CERTIFIES), 4, 1) }), 64),
    intermediates: list(certificate, 256),
    roster: list(object(ENTRY, ['encryption']), 4096),
    former: list(object({ ...ENTRY, ended: oneOf(...ENDS), until: time }, ['encryption']), 32_768),
    crls: list(crl, 256),
    statusLists: list(base64(64 << 10), 256),
    distrusted: list(object({ certificate: hash, from: whole(0) }), 4096),
    policy: object(
      {
        sealCompulsoryFrom: time,
        issuing: oneOf('automatic', 'confirmed'),
        suite: oneOf('P-256', 'SM2'),
        antiScreenshot: flag,
        fogDegree: whole(0, 100),
        clearPrints: whole(0, 1000),
        numbering: object({ pattern: text(64), issuer: text(32) }),
        timeStamp: oneOf('none', 'wanted', 'required'),
        sealTexture: flag,
        listedWithinDays: whole(1, 365),
      },
      ['timeStamp', 'sealTexture', 'listedWithinDays'],
    ),
    endpoints: list(
      object({
        url: matching(/^https?:\/\/[\x21-\x7e]{1,400}$/, 'http or https address'),
        checkpointKey: text(1000),
      }),
      16,
    ),
  },
  ['nextRoot', 'recoveryKey', 'previous', 'distrusted'],
);

/**
 * Reads a trust bundle's content. Whether its signer may speak for the deployment is the business
 * of {@link acceptFirst} and {@link acceptUpdate}.
 * @throws {Malformed} `json-*`; `bundle-shape`, `bundle-size`, `bundle-time`, `bundle-certificate`,
 * `bundle-crl`, `bundle-key` for a member out of shape; `bundle-term` where it ends before it begins;
 * `bundle-previous` where a first bundle has a predecessor or a later one none; `bundle-roster` for
 * a person twice; `bundle-recovery` where the recovery key is the root's signing key; `bundle-pilot` where a real bundle lists a pilot's certificate
 */
export function readTrustBundleJson(bytes: Uint8Array): TrustBundle {
  const value = readCanonicalJson(bytes, { maxBytes: MAX_BYTES, maxDepth: 8 });
  return checkShape(value);
}

function checkShape(value: Json): TrustBundle {
  BUNDLE(value, 'bundle');
  const bundle = value as unknown as TrustBundle;
  if (Date.parse(bundle.issuedAt) >= Date.parse(bundle.nextUpdate)) {
    throw new Malformed('bundle-term', 'nextUpdate does not follow issuedAt');
  }
  if ((bundle.seq === 1) !== (bundle.previous === undefined)) {
    throw new Malformed('bundle-previous', 'all but the first bundle name their predecessor');
  }
  if (new Set(bundle.roster.map((entry) => entry.id)).size !== bundle.roster.length) {
    throw new Malformed('bundle-roster', 'a certificate twice in the roster');
  }
  if (
    bundle.former.some(
      ({ since, until, ended }) => ended !== 'compromised' && Date.parse(until) < Date.parse(since),
    )
  ) {
    throw new Malformed('bundle-roster', 'an entry that ended before it began');
  }
  const { spki } = readCertificate(fromBase64(bundle.root) as Bytes);
  if (bundle.recoveryKey !== undefined && bundle.recoveryKey === toBase64(spki)) {
    throw new Malformed('bundle-recovery', 'the recovery key is not the signing key of the root');
  }
  const marked = (der: string) => isPilot(readCertificate(fromBase64(der) as Bytes));
  const listed = [
    ...bundle.anchors.map((anchor) => anchor.certificate),
    ...bundle.intermediates,
    ...[...bundle.roster, ...bundle.former].map((entry) => entry.signing),
  ];
  if (marked(bundle.root) !== bundle.pilot || (!bundle.pilot && listed.some(marked))) {
    throw new Malformed('bundle-pilot', 'pilot certificates are of pilots alone');
  }
  return bundle;
}

/** The canonical form, which is what is signed. @throws {Malformed} as {@link readTrustBundleJson} */
export function writeTrustBundleJson(bundle: TrustBundle): Bytes {
  const bytes = utf8(canonicalJson(bundle));
  readTrustBundleJson(bytes);
  return bytes;
}

/**
 * What needs digests: roster ids name their certificates, the first root names the deployment.
 * @returns null, or a code: `bundle-roster`, `bundle-deployment`
 */
export async function checkDigests(bundle: TrustBundle): Promise<string | null> {
  const id = (der: string) => certificateId(fromBase64(der) as Bytes);
  for (const entry of [...bundle.roster, ...bundle.former]) {
    if ((await id(entry.signing)) !== entry.id) return 'bundle-roster';
  }
  const first = bundle.seq === 1;
  return first && (await id(bundle.root)) !== bundle.deployment ? 'bundle-deployment' : null;
}
