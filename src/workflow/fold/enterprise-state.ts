/** An enterprise as its registration and the changes after it make it. */
import type { Json } from '../../crypto/index.ts';
import type { Right } from '../records/types.ts';

export interface EnterpriseCase {
  case: string;
  head: string;
  uscc: string;
  name: string;
  state: 'waiting' | 'approved' | 'rejected';
  since: string;
  /** Public keys asked for, base64 of PKCS#10. */
  csrs: { signing: string; encryption: string };
  /** Package whose body is the registration form in force. */
  formFrom: string;
  /** The form, where it was opened; no rule reads it. */
  form: Json | null;
  /** Certificates, base64 of DER; null until approved. */
  certificates: { signing: string; encryption: string; chain: string[] } | null;
  /** SHA-256 hex of the signing certificate. */
  certificate: string | null;
  /** What the holder of these certificates may do for the party; none until bound. */
  rights: Right[];
  /** A change of name that waits for new certificates; null where none does. */
  change: EnterpriseChange | null;
  /** Certificates before the present ones, newest last. */
  earlier: { signing: string; encryption: string; until: string }[];
  reasons: string[];
}

/** What `enterprise/update` asks for. */
export interface EnterpriseChange {
  package: string;
  name: string;
  since: string;
  form: Json | null;
  csrs: { signing: string; encryption: string };
}
