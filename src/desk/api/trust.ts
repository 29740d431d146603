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

/** The deployment: start, join, leave, publish. */
export interface TrustActs {
  createPilot(options: { lang: 'zh-CN' | 'en' }, progress?: Progress): Promise<void>;
  previewJoin(bundle: Uint8Array): Promise<JoinPreview>;
  join(bundle: Uint8Array): Promise<void>;
  /** Forgets the deployment and everything stored for it on this device. */
  leave(): Promise<void>;

  trust(): Promise<TrustView>;
  /** What verifying on this device trusts: the bundle with the newest status lists; null: nothing. */
  verificationTrust(): Promise<TrustBundle | null>;
  /** The trust bundle package, to carry to another device. */
  trustBundle(): Promise<Uint8Array>;
  publishTrust(policy: Partial<DeploymentPolicy>): Promise<void>;
}
