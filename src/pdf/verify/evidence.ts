/** The document security store (EN 319 142-1, 5.4.2): certificates, CRLs and OCSP answers. */
import { Malformed } from '../../crypto/index.ts';
import type { PdfRevision } from '../read/document.ts';
import { PdfStream } from '../read/objects.ts';

export interface Evidence {
  readonly certificates: readonly Uint8Array[];
  readonly crls: readonly Uint8Array[];
  readonly ocsps: readonly Uint8Array[];
}

const MAX_ITEMS = 100;

export function hasRevocation({ crls, ocsps }: Pick<Evidence, 'crls' | 'ocsps'>): boolean {
  return crls.length + ocsps.length > 0;
}

/** What the last revision's DSS holds; it proves by its own signatures, not by its place. */
export function evidenceOf(revision: PdfRevision): Evidence {
  const dss = revision.dict(revision.catalog.raw('DSS'));
  const list = (key: string): Uint8Array[] => {
    const out: Uint8Array[] = [];
    for (const item of revision.array(dss?.raw(key)) ?? []) {
      if (out.length >= MAX_ITEMS) break;
      const bytes = streamBytes(revision, item);
      if (bytes) out.push(bytes);
    }
    return out;
  };
  if (!dss) return { certificates: [], crls: [], ocsps: [] };
  return { certificates: list('Certs'), crls: list('CRLs'), ocsps: list('OCSPs') };
}

function streamBytes(revision: PdfRevision, item: Parameters<PdfRevision['resolve']>[0]) {
  try {
    const stream = revision.resolve(item);
    return stream instanceof PdfStream ? revision.data(stream) : null;
  } catch (error) {
    if (error instanceof Malformed && error.code !== 'pdf-budget') return null;
    throw error;
  }
}
