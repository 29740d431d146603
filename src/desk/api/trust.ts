/** Trust and deployments. */
import type { DeploymentPolicy, Role, TrustBundle } from '../../pki/index.ts';
import type { DeskRefusal, Progress } from './refusal.ts';

export interface TrustView {
  root: string;
  seq: number;
  issuedAt: string;
  nextUpdate: string;
  anchors: { subject: string; certifies: string[]; id: string; notAfter: string }[];
  roster: { name: string; organization: string; roles: Role[]; id: string }[];
  policy: DeploymentPolicy;
  endpoints: TrustBundle['endpoints'];
  /** Certificates on the newest revocation lists. */
  revoked: number;
  records: { accepted: number; refused: { id: string; type: string; refusal: DeskRefusal }[] };
}

export interface JoinPreview {
  name: { zh: string; en: string };
  authority: { zh: string; en: string };
  pilot: boolean;
  /** Fingerprint to compare: groups of four hexadecimal digits. */
  fingerprint: string;
  issuedAt: string;
  nextUpdate: string;
  stale: boolean;
}

/** Everything that a real deployment is started with. */
export interface Founding {
  name: { zh: string; en: string };
  authority: { zh: string; en: string; code: string };
  suite: DeploymentPolicy['suite'];
  /** Its code in licence numbers. */
  numberIssuer: string;
  /** The first registrar and seal reviewer; his key is made on this device. */
  founder: { name: string };
  passwords: { root: string; authority: string; founder: string };
  /** People by the request files of their own devices. */
  staff: { file: Uint8Array; name: string; serialNumber: string; roles: Role[] }[];
  endpoint: { url: string; checkpointKey: string } | null;
  policy: Pick<DeploymentPolicy, 'sealCompulsoryFrom' | 'issuing'> & {
    /** Days until the next bundle is due. */
    bundleDays: number;
  };
}

export interface Founded {
  /** For each request its certificates, PEM. */
  answers: { name: string; file: Uint8Array }[];
  /** Shown once, stored nowhere. */
  recoveryCodes: { root: string; authority: string[]; founder: string };
}

/** The deployment: start, join, leave, publish. */
export interface TrustActs {
  /** @param options `suite`: ECDSA P-256 where absent */
  createPilot(
    options: { lang: 'zh-CN' | 'en'; suite?: DeploymentPolicy['suite'] },
    progress?: Progress,
  ): Promise<void>;
  startDeployment(founding: Founding, progress?: Progress): Promise<Founded>;
  previewJoin(bundle: Uint8Array): Promise<JoinPreview>;
  join(bundle: Uint8Array): Promise<void>;
  /** Forgets the deployment and everything stored for it on this device. */
  leave(): Promise<void>;

  trust(): Promise<TrustView>;
  /** What verifying on this device trusts: the bundle with the newest status lists; null: nothing. */
  verificationTrust(): Promise<TrustBundle | null>;
  /** The trust bundle package, to carry to another device. */
  trustBundle(): Promise<Uint8Array>;
  /**
   * Publishes what waited for a bundle, with another policy or other endpoints where given.
   * Refusals: `time-stamp-authority` for a file without a certificate.
   */
  publishTrust(
    policy: Partial<DeploymentPolicy>,
    endpoints?: TrustBundle['endpoints'],
    /** A certificate file of a time-stamp authority that is trusted from now on. */
    timeStampAuthority?: Uint8Array,
  ): Promise<void>;
}
