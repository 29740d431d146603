/**
 * sight: what a signed revision paints and holds beyond what its reader sees. It warns of the raw
 * material of shadow attacks (checks 41 to 43) and decides no verdict: whatever it finds was there
 * when the signer signed, or is judged by the comparison of revisions. Loaded when needed.
 */
import { type Finding, Malformed } from '../../crypto/index.ts';
import type { PdfRevision } from '../read/document.ts';
import { looksAsValued } from '../verify/field-look.ts';
import { formOf } from '../verify/form-fields.ts';
import { pagesOf } from '../verify/pages.ts';
import { type Hidden, hiddenContent } from './hidden-content.ts';
import { hiddenObjects } from './hidden-objects.ts';
import { marksOf, visibleBox } from './page-sight.ts';
import { SightBudget } from './painter.ts';

export { coveredText } from './covered-text.ts';

const MAX_PAGES = 400;

/** Warnings and notes about one signed revision. Never throws for what the file holds. */
export function signedSight(revision: PdfRevision): Finding[] {
  const out: Finding[] = [];
  attempt(out, 'Pages', () => {
    for (const finding of pageFindings(revision)) out.push(finding);
  });
  attempt(out, 'AcroForm', () => out.push(...fieldFindings(revision)));
  attempt(out, 'Catalog', () => out.push(...objectFindings(revision)));
  return out;
}

function attempt(out: Finding[], object: string, look: () => void): void {
  try {
    look();
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    const message = `Not all of it was looked at: ${error.message}`;
    out.push({ code: 'pdf-sight-incomplete', message, object, severity: 'info' });
  }
}

function* pageFindings(revision: PdfRevision): Generator<Finding> {
  const { pages } = pagesOf(revision);
  const budget = new SightBudget();
  for (const [index, page] of pages.entries()) {
    const object = `Page ${index + 1}`;
    try {
      if (index >= MAX_PAGES) throw new Malformed('pdf-budget', 'too many pages');
      const marks = marksOf(revision, page, budget);
      for (const hidden of hiddenContent(marks, visibleBox(revision, page))) {
        yield hiddenFinding(hidden, object);
      }
    } catch (error) {
      if (!(error instanceof Malformed) || error.code === 'pdf-budget') throw error;
      const message = `The content of the page was not understood: ${error.message}`;
      yield { code: 'pdf-sight-incomplete', message, object, severity: 'info' };
    }
    for (const entry of page.annotations) {
      const dict = revision.dict(entry);
      const flags = dict ? revision.get(dict, 'F') : null;
      const unseen = typeof flags === 'number' && (flags & (2 | 32)) !== 0;
      if (!dict || !unseen || !dict.has('AP') || formOf(revision).numbers.has(numberOf(entry))) {
        continue;
      }
      const message = 'The page has an annotation that is drawn but hidden';
      yield { code: 'pdf-hidden-annotation', message, object, severity: 'warning' };
    }
  }
}

const numberOf = (entry: unknown): number =>
  entry && typeof entry === 'object' && 'num' in entry ? Number(entry.num) : -1;

const HIDDEN: Record<Hidden['how'], { code: string; message: string }> = {
  outside: { code: 'pdf-hidden-outside', message: 'lies outside of what the page shows' },
  covered: { code: 'pdf-hidden-covered', message: 'lies under something painted over it' },
  traceless: { code: 'pdf-hidden-traceless', message: 'is written without a trace' },
  white: { code: 'pdf-hidden-white', message: 'is written in white on white' },
};

function hiddenFinding({ how, what, count, onPicture }: Hidden, object: string): Finding {
  const params = { count: String(count) };
  if (how === 'traceless' && onPicture) {
    const message = 'Recognised text lies behind the picture of the page';
    return { code: 'pdf-recognised-text', message, object, severity: 'info', params };
  }
  const { code, message } = HIDDEN[how];
  const words = `${count} × ${what} ${message}`;
  return { code, message: words, object, severity: 'warning', params };
}

/** Check 42: a field that shows other words than its value. */
function fieldFindings(revision: PdfRevision): Finding[] {
  return formOf(revision).all.flatMap((field) =>
    looksAsValued(revision, field) === 'differs'
      ? [
          {
            code: 'pdf-field-differs',
            message: `The field ${field.name} shows other words than its value`,
            object: field.name,
            severity: 'warning' as const,
            params: { field: field.name },
          },
        ]
      : [],
  );
}

function objectFindings(revision: PdfRevision): Finding[] {
  const { pages, drawings, actions, links, outside } = hiddenObjects(revision);
  const out: Finding[] = [];
  if (pages.length > 0) {
    out.push({
      code: 'pdf-unreachable-pages',
      message: 'The file holds pages that it does not show',
      object: `object ${pages[0]}`,
      severity: 'warning',
    });
  }
  if (drawings.length > 0) {
    out.push({
      code: 'pdf-unreachable-fonts',
      message: 'The file holds fonts or drawings of no page',
      object: `object ${drawings[0]}`,
      severity: 'info',
    });
  }
  for (const [action, num] of actions) {
    out.push({
      code: 'pdf-active',
      message: `Using the document may do ${action}`,
      object: `object ${num}`,
      severity: 'warning',
      params: { action },
    });
  }
  if (outside.length > 0) {
    out.push({
      code: 'pdf-external',
      message: 'Part of the document lies in another file',
      object: `object ${outside[0]}`,
      severity: 'warning',
    });
  }
  if (links.length > 0) {
    out.push({
      code: 'pdf-links',
      message: 'Links lead to web addresses',
      object: `object ${links[0]}`,
      severity: 'info',
      params: { count: String(links.length) },
    });
  }
  return out;
}
