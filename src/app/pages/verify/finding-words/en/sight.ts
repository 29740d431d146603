import type sight from '../zh/sight.ts';

export default {
  'pdf-content': 'The content of a page is written wrongly',
  'pdf-field-differs': 'The field[ {field}] shows other words than its value',
  'pdf-hidden-annotation': 'The page has an annotation that is drawn but hidden',
  'pdf-hidden-covered': 'Something on the page lies under what is painted over it[ ({count}×)]',
  'pdf-hidden-outside': 'Something is painted outside of what the page shows[ ({count}×)]',
  'pdf-hidden-traceless': 'The page has text that cannot be seen[ ({count}×)]',
  'pdf-hidden-white': 'The page has white text on white[ ({count}×)]',
  'pdf-links': 'The document has links to web addresses[ ({count})]',
  'pdf-overlay-text': 'A later annotation or signature picture hides words of the signed page',
  'pdf-recognised-text': 'Recognised text lies behind the scanned page',
  'pdf-sight-incomplete':
    'The file is too large or unusual to be searched for hidden content to its end',
  'pdf-unreachable-fonts': 'The file holds fonts or drawings that no page uses',
  'pdf-unreachable-pages': 'The file holds pages that it does not show',
} satisfies typeof sight;
