/** What one signature value comes to: whether it stands, whose it is, and from when. */
import type { Finding, Verdict } from '../crypto/index.ts';
import { normaliseTrust } from '../pki/index.ts';
import {
  judgePerson,
  SealReport,
  type SealVerdict,
  type VerifySealOptions,
} from '../seal/index.ts';
import { type OfdCode, OfdFindings, type SignatureIntegrity } from './codes.ts';

export interface OfdOptions extends VerifySealOptions {
  /** Certificates to try on signatures that carry none, DER. */
  certificates?: readonly Uint8Array[];
}

export type SignatureForm = 'seal' | 'signed-data' | 'bare';

export interface JudgedValue {
  readonly form: SignatureForm;
  /** Whether the value stands for this Signature.xml, trust aside. */
  readonly integrity: SignatureIntegrity;
  readonly verdict: Verdict;
  readonly subIndication?: string | undefined;
  readonly findings: readonly Finding[];
  readonly signer: Uint8Array | null;
  /** ISO 8601. */
  readonly time: string | null;
  readonly timeProven: boolean;
  /** The seal inside, judged, and as it stands. */
  readonly seal: SealVerdict | null;
  readonly sealDer: Uint8Array | null;
  /** What a seal's signature says that it protects. */
  readonly propertyInfo: string | null;
}

const BLANK = { timeProven: false, seal: null, sealDer: null, propertyInfo: null };

/** A value that stands; what is open is its signer. @param claimed ISO 8601, or null */
export async function signedBy(
  form: SignatureForm,
  certificate: Uint8Array,
  claimed: string | null,
  { time, trust: given }: OfdOptions,
  intermediates: readonly Uint8Array[] = [],
): Promise<JudgedValue> {
  const report = new SealReport();
  const now = time ?? new Date().toISOString();
  const trust = normaliseTrust(given);
  if (Number.isNaN(Date.parse(now))) {
    report.open('signing-time', 'TIME_INVALID', 'The time to verify at is not a time');
  } else {
    await judgePerson('SIGNER', certificate, {
      ...{ report, now, usedAt: claimed, proven: false },
      trust: { ...trust, intermediates: [...trust.intermediates, ...intermediates] },
    });
  }
  const { verdict, subIndication, findings } = report;
  return {
    ...{ ...BLANK, form, integrity: 'intact', verdict, subIndication, findings },
    ...{ signer: certificate, time: claimed },
  };
}

/** A value that could not be judged, or does not stand. */
export function notStanding(
  form: SignatureForm,
  code: OfdCode,
  message: string,
  more: Partial<Pick<JudgedValue, 'signer' | 'time'>> & { findings?: readonly Finding[] } = {},
): JudgedValue {
  const found = new OfdFindings();
  found.fail(code, message);
  const { integrity, verdict, subIndication } = found;
  const findings = [...found.findings, ...(more.findings ?? [])];
  const { signer = null, time = null } = more;
  return { ...BLANK, form, integrity, verdict, subIndication, findings, signer, time };
}
