/**
 * What a signed revision holds that could make it look different without being changed (checks 42
 * and 43): warnings, because it was there when the signer signed.
 */
import type { Finding } from '../../crypto/index.ts';
import type { PdfRevision } from '../read/document.ts';
import { PdfName } from '../read/objects.ts';
import type { Params } from './outcome.ts';

/** Actions that run code, or fetch or start something outside the file. */
const ACTIVE = new Set([
  'JavaScript',
  'Launch',
  'URI',
  'GoToR',
  'SubmitForm',
  'ImportData',
  'Rendition',
]);

export function warnOfPreparations(revision: PdfRevision): Finding[] {
  const out: Finding[] = [];
  const warn = (code: string, message: string, object: string, params?: Params): void => {
    out.push({ code, message, object, severity: 'warning', ...(params ? { params } : {}) });
  };
  const { catalog } = revision;
  if (revision.dict(catalog.raw('OCProperties'))) {
    warn(
      'pdf-layers',
      'The document has layers that can be switched on and off',
      'Catalog/OCProperties',
    );
  }
  const action = revision.dict(catalog.raw('OpenAction'));
  const kind = action && revision.get(action, 'S');
  if (kind instanceof PdfName && ACTIVE.has(kind.name)) {
    warn('pdf-active', `Opening the document does ${kind.name}`, 'Catalog/OpenAction', {
      action: kind.name,
    });
  }
  if (catalog.has('AA')) warn('pdf-active', 'The document has actions of its own', 'Catalog/AA');
  const names = revision.dict(catalog.raw('Names'));
  if (names && revision.dict(names.raw('JavaScript'))) {
    warn('pdf-active', 'The document holds scripts', 'Catalog/Names/JavaScript');
  }
  const form = revision.dict(catalog.raw('AcroForm'));
  if (form?.has('XFA'))
    warn('pdf-xfa', 'The document holds a second form (XFA)', 'Catalog/AcroForm');
  if (form && revision.get(form, 'NeedAppearances') === true) {
    const message = 'Readers are told to redraw the fields, which may then look different';
    warn('pdf-need-appearances', message, 'Catalog/AcroForm');
  }
  return out;
}
