/**
 * The baseline levels of PAdES (EN 319 142-1, 6): B, T with a signature time stamp, LT with the
 * evidence in the file, LTA with a document time stamp over all of it. What an authority does not
 * give is left out and named; the signature is made all the same.
 */
import { askTimeStamp, type TimeStampSource } from '../../cms/index.ts';
import { type Bytes, Malformed } from '../../crypto/index.ts';
import { stampDocument } from './document-stamp.ts';
import { appendDss } from './dss.ts';
import { certificatesOf, type EvidenceSource, evidenceOn, together } from './evidence.ts';
import { type SignPdfOptions, signRevision } from './sign-pdf.ts';

export type Level = 'B' | 'T' | 'LT' | 'LTA';

export interface LevelOptions extends Omit<SignPdfOptions, 'dss'> {
  /** What is wanted. */
  level: Level;
  /**
   * Revocation data and issuers for these certificates: once for the signer's chain, and once for
   * each time stamp as it comes, of the signature and of the document.
   */
  evidence?: EvidenceSource;
}

export interface Reached {
  pdf: Bytes;
  /** What was reached. */
  level: Level;
  /** Why it is not what was wanted: `tsp-…`, `tst-…`, `evidence-none`. */
  shortfall: { code: string; message: string } | null;
}

/** @throws {Malformed} as `signPdf`, but never for the want of a time stamp */
export async function signAtLevel(options: LevelOptions): Promise<Reached> {
  const { level: wanted, timeStamp: source, nonce, evidence, signer, password } = options;
  let shortfall: Reached['shortfall'] = null;
  const soft = async <T>(ask: (source: TimeStampSource) => Promise<T>): Promise<T | null> => {
    if (shortfall) return null;
    try {
      if (!source) throw new Malformed('tsp-none', 'no time-stamp authority is named');
      return await ask(source);
    } catch (error) {
      const code = error instanceof Malformed ? error.code : 'tsp-unreachable';
      shortfall = { code, message: error instanceof Error ? error.message : code };
      return null;
    }
  };
  if (wanted === 'B') {
    return { pdf: (await signRevision(options)).pdf, level: 'B', shortfall };
  }
  let token: Uint8Array | null = null;
  const signed = await signRevision(options, async (signature) => {
    token = await soft((asked) => askTimeStamp(signature, { source: asked, nonce: nonce?.() }));
    return token;
  });
  let { pdf } = signed;
  let level: Level = token ? 'T' : 'B';
  if (wanted === 'T') return { pdf, level, shortfall };

  const own = await evidenceOn([signer.certificate, ...signer.chain], evidence);
  const stamps = await evidenceOn(token ? await certificatesOf(token) : [], evidence);
  pdf = await appendDss(pdf, together([own, stamps]), [signed.contents], password);
  const revocation = own.crls.length + own.ocsps.length > 0;
  if (token && revocation) level = 'LT';
  if (!revocation) shortfall ??= { code: 'evidence-none', message: 'no revocation data at hand' };
  if (wanted === 'LT' || level !== 'LT') return { pdf, level, shortfall };

  const stamped = await soft((asked) => stampDocument(pdf, asked, { nonce, password }));
  if (!stamped) return { pdf, level, shortfall };
  const last = await evidenceOn(await certificatesOf(stamped.token), evidence);
  pdf = await appendDss(stamped.pdf, last, [stamped.contents], password);
  return { pdf, level: 'LTA', shortfall };
}
