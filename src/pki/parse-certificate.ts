import { Malformed } from '../crypto/index.ts';
import { fieldsOf } from './fields.ts';

/**
 * Whether this is one strict DER certificate with well-formed standard extensions. Says nothing of
 * trust, nor whether its algorithms are supported. Never throws.
 * @returns `code` of the first broken rule, e.g. `der-length`
 */
export async function parseCertificate({ der }: { der: Uint8Array }): Promise<{
  ok: boolean;
  code?: string;
}> {
  try {
    fieldsOf(der);
    return { ok: true };
  } catch (error) {
    return { ok: false, code: error instanceof Malformed ? error.code : 'malformed' };
  }
}
