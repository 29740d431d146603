/** What is marked on the pages: each signature with its verdict, and what came after it. */
import type { PdfReport, SeamStrip } from '../../../pdf/index.ts';
import type { Mark } from '../../components/pdf-pages.ts';
import type { Tone } from '../../workers/checked-file.ts';

type Signatures = PdfReport['signatures'];

/** Signs beside the colours, which alone say nothing to many. */
const SIGN: Record<Tone, string> = { ok: '✓', warn: '!', bad: '✕', unknown: '?' };

const visible = ([left, bottom, right, top]: Mark['rect']): boolean =>
  right - left >= 1 && top - bottom >= 1;

/** Whether a path leads to the signer's name, whatever else is wrong with the signature. */
export const isVouched = ({ path, findings }: Pick<Signatures[number], 'path' | 'findings'>) =>
  path.length > 0 &&
  !findings.some(({ code }) => /^path-(?!pilot$|revocation-unknown$)/.test(code));

/** @param asSealed on the sealed version, where what came later counts for nothing */
export function signatureMarks(signatures: Signatures, asSealed = false): Mark[] {
  return signatures.flatMap((signature) => {
    const { page, rect } = signature;
    return page && rect && visible(rect) ? [{ page, rect, ...judged(signature, asSealed) }] : [];
  });
}

/**
 * Each page's strip of a seam seal.
 * @param labels for a strip that is not what it should be there
 */
export function seamMarks(
  signatures: Signatures,
  labels: Record<Exclude<SeamStrip['state'], 'whole'>, string>,
  asSealed = false,
): Mark[] {
  return signatures.flatMap((signature) =>
    (signature.seal?.strips ?? [])
      .filter(({ rect }) => visible(rect))
      .map(({ page, rect, state }): Mark => {
        if (state === 'whole') return { page, rect, ...judged(signature, asSealed) };
        return { page, rect, tone: 'bad', label: `${SIGN.bad} ${labels[state]}` };
      }),
  );
}

/** How a signature is marked wherever it shows. */
function judged(signature: Signatures[number], asSealed: boolean): Pick<Mark, 'tone' | 'label'> {
  const { verdict, integrity, seal, signer, field } = signature;
  const later = asSealed && integrity === 'modified';
  const wrong = integrity === 'modified' || integrity === 'broken';
  const failed = !later && (wrong || verdict === 'TOTAL-FAILED');
  const bad = failed || seal?.pictureMatches === false;
  const good = verdict === 'TOTAL-PASSED' || (later && isVouched(signature));
  const unsure = integrity === 'unchecked' ? 'unknown' : 'warn';
  const tone: Tone = bad ? 'bad' : good ? 'ok' : unsure;
  // What a broken signature says of itself is nobody's name.
  const who = integrity === 'broken' ? field : (seal?.name ?? signer?.name ?? field);
  return { tone, label: `${SIGN[tone]} ${who}` };
}

const TONE = { no: 'bad', warn: 'warn', yes: 'unknown' } as const;

/** Places that later revisions changed, each once, but for signing itself. */
export function changeMarks(signatures: Signatures, label: string): Mark[] {
  const out = new Map<string, Mark>();
  for (const { changesList } of signatures) {
    for (const { kind, page, rect, permission } of changesList) {
      if (!page || !rect || !visible(rect)) continue;
      if (permission === 'yes' && (kind === 'sign-new' || kind === 'sign-existing')) continue;
      const tone = TONE[permission];
      out.set(`${page} ${rect.join(' ')}`, { page, rect, tone, label: `${SIGN[tone]} ${label}` });
    }
  }
  return [...out.values()];
}
