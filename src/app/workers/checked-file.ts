/** What the verifying worker says about one file: one shape for every kind. */
import type { Finding } from '../../crypto/index.ts';
import type { PackageReport } from '../../packages/index.ts';
import type { PdfReport } from '../../pdf/index.ts';
import type { CertificateDescription, CrlDescription, PathReport } from '../../pki/index.ts';

/** Each outcome has its own words and next step (interface, section 5). */
export type Situation =
  | 'good'
  | 'licence-good'
  | 'licence-unchecked'
  | 'licence-expired'
  | 'licence-revoked'
  | 'licence-suspended'
  | 'licence-used'
  | 'good-seal'
  | 'good-package'
  | 'changed'
  | 'changed-on-top'
  | 'not-genuine'
  | 'picture-differs'
  /** The signature is good, the seal is not the signer's. */
  | 'foreign-seal'
  | 'unchecked'
  | 'unknown-issuer'
  /** Some of what is shown is outside every signature. */
  | 'not-covered'
  /** A signature that cannot be computed here. */
  | 'not-computed'
  | 'encrypted'
  /** A PDF that only the holders of certain keys open. */
  | 'for-recipients'
  | 'stale'
  | 'revoked'
  | 'not-in-force'
  | 'not-trusted'
  | 'no-signature'
  | 'password-needed'
  | 'password-wrong'
  /** Trying a password takes minutes, or longer than anybody waits. */
  | 'password-slow'
  | 'password-too-slow'
  | 'empty'
  | 'no-code'
  | 'unreadable'
  | 'unknown-kind'
  | 'too-large'
  | 'certificate-good'
  | 'certificate-unknown'
  | 'certificate-expired'
  | 'certificate-refused'
  | 'list'
  | 'list-good'
  | 'list-old';

export type Tone = 'ok' | 'warn' | 'bad' | 'unknown';

export interface SignerLine {
  field: string;
  /** A document time stamp is by an authority that sealed nothing. */
  kind?: 'approval' | 'certification' | 'timestamp';
  /** Common name, or given name and surname. */
  name?: string;
  subject: string;
  organization: string | null;
  uscc: string | null;
  verdict: string;
  integrity: string;
  subIndication: string | null;
  time: string | null;
  timeProven: boolean;
  sealName: string | null;
  /** Key and digest, as `SM2 · SM3`. */
  algorithms?: string | null;
  /** Of an OFD: what the signature protects, and how many files it lists. */
  scope?: { coverage: string; changes: string; files: number };
}

export interface PathStep {
  id: string;
  subject: string;
  notBefore: string;
  notAfter: string;
}

export interface CheckedFile {
  name: string;
  /** Bytes. */
  size: number;
  /** Of the whole file, hex: which file the report is about. Empty where it was not read. */
  sha256: string;
  /** The same in SM3 where somebody signed with SM2, else empty. */
  sm3: string;
  kind:
    | 'pdf'
    | 'seal'
    | 'ofd'
    | 'package'
    | 'certificate'
    | 'crl'
    | 'pfx'
    | 'token'
    | 'image'
    | 'unknown';
  situation: Situation;
  integrity: string;
  verdict: string;
  /** In the words' `{…}`. */
  params: Record<string, string>;
  signers: SignerLine[];
  findings: Finding[];
  /** True where the check had a deployment's bundle behind it. */
  trusted: boolean;
  checkedAt: string;
  pdf: PdfReport | null;
  paths: PathStep[][];
  seal: {
    name: string;
    version: string;
    validStart: string | null;
    validEnd: string | null;
    picture: { type: string; data: Uint8Array; widthMm: number; heightMm: number } | null;
  } | null;
  /** The text of a licence token. */
  token?: string;
  record: PackageReport['record'];
  certificates: CertificateDescription[];
  /** One for each certificate of the file that issued none of the others. */
  chains: CertificateChain[];
  crl: CrlDescription | null;
}

/** Nothing is known of the file yet. */
export const blankReport = (name: string, size: number): CheckedFile => ({
  name,
  size,
  sha256: '',
  sm3: '',
  kind: 'unknown',
  situation: 'unreadable',
  integrity: 'unreadable',
  verdict: 'INDETERMINATE',
  params: {},
  signers: [],
  findings: [],
  trusted: false,
  checkedAt: new Date().toISOString(),
  pdf: null,
  paths: [],
  seal: null,
  record: null,
  certificates: [],
  chains: [],
  crl: null,
});

/** A certificate, the path found for it, and every check on the way. */
export interface CertificateChain {
  target: CertificateDescription;
  /** Leaf to anchor; of the path that got furthest where none is valid. */
  path: CertificateDescription[];
  /** The top of the path is an anchor of the deployment, not merely the top of this file. */
  anchored: boolean;
  code: PathReport['code'];
  steps: PathReport['steps'];
  revocationUnknown: boolean;
}

export const TONES: Record<Situation, Tone> = {
  good: 'ok',
  'licence-good': 'ok',
  'licence-unchecked': 'warn',
  'licence-expired': 'warn',
  'licence-revoked': 'bad',
  'licence-suspended': 'warn',
  'licence-used': 'warn',
  'good-seal': 'ok',
  'good-package': 'ok',
  changed: 'bad',
  'changed-on-top': 'warn',
  'not-genuine': 'bad',
  'picture-differs': 'bad',
  'foreign-seal': 'bad',
  unchecked: 'unknown',
  'unknown-issuer': 'unknown',
  'not-covered': 'warn',
  'not-computed': 'unknown',
  encrypted: 'unknown',
  'for-recipients': 'unknown',
  stale: 'warn',
  revoked: 'bad',
  'not-in-force': 'warn',
  'not-trusted': 'bad',
  'no-signature': 'unknown',
  'password-needed': 'unknown',
  'password-wrong': 'unknown',
  'password-slow': 'unknown',
  'password-too-slow': 'unknown',
  empty: 'unknown',
  'no-code': 'unknown',
  unreadable: 'unknown',
  'unknown-kind': 'unknown',
  'too-large': 'unknown',
  'certificate-good': 'ok',
  'certificate-unknown': 'unknown',
  'certificate-expired': 'warn',
  'certificate-refused': 'bad',
  list: 'unknown',
  'list-good': 'ok',
  'list-old': 'warn',
};
