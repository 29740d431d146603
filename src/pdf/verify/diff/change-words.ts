/** One English sentence for each code of a change; the app has its own words by the same codes. */

export const CHANGE_WORDS = {
  'annotation-added': 'annotation added on page {page}',
  'annotation-became-field': 'an annotation of page {page} became a form field',
  'annotation-changed': 'annotation changed on page {page}',
  'annotation-removed': 'annotation removed from page {page}',
  'annotations-reordered': 'annotations of page {page} were put in another order',
  'catalog-exchanged': 'another catalog took the place',
  'catalog-moved': 'the catalog was written anew under another number',
  'entry-changed': '{path} was changed',
  'evidence-added': 'validation evidence was added',
  'evidence-removed': 'validation evidence was removed',
  'extension-removed': 'a declared extension was removed',
  'extensions-declared': 'extensions were declared',
  'field-added': 'the new field {field} was added',
  'field-added-to-sign': 'the new field {field} was added to sign in',
  'field-filled': 'field {field} was filled',
  'field-locked': 'field {field} was made read-only',
  'field-look': 'field {field} shows something else, and its value does not say why',
  'field-moved': 'field {field} was moved or removed',
  'field-off-page': 'a form field was taken off page {page}',
  'field-on-page': 'a field that was there was put on page {page}',
  'field-signed': 'field {field} was signed',
  'form-removed': 'the form was removed',
  'info-renewed': 'document information was renewed',
  'metadata-renewed': 'document metadata was renewed',
  'producer-stamp': 'a program left its name in the page tree',
  'object-out-of-place': 'object {number} was changed outside its place',
  'object-redefined': 'object {number} was redefined, and no rule says why',
  'pages-changed': 'pages were added, removed, moved or exchanged',
  'permissions-added': 'permissions were added after a signature',
  'permissions-removed': 'permissions were removed',
  'redraw-demanded': 'readers are told to redraw every field',
  'revision-unreadable': 'a later revision cannot be read: {reason}',
  'structure-added': 'structure elements for new fields were added',
  'time-stamp-added': 'a document time stamp in the new field {field}',
  'value-taken': '{field}: a value that was there',
  'version-raised': 'a newer version of PDF is declared',
  'widget-changed': 'a widget outside the form on page {page} was changed',
  'widget-without-field': 'a widget of no field was put on page {page}',
  'widgets-changed': 'widgets of field {field} were added or removed',
} as const;

export type ChangeCode = keyof typeof CHANGE_WORDS;

export function changeWords(code: ChangeCode, params: Readonly<Record<string, string>>): string {
  return CHANGE_WORDS[code].replace(/\{(\w+)\}/g, (_, name: string) => params[name] ?? '');
}
