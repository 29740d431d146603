import type { TextureMessages } from './texture-zh.ts';

const en: TextureMessages = {
  heading: 'Compare the texture under a seal',
  intro:
    'Some licences have a light texture printed under the seal, computed from what the QR code says. Scan the sheet in colour on a flatbed scanner and put it here: this device compares the texture with the code of the same sheet.',
  drop: 'Put the scan here',
  dropHint: 'In colour, 300 dpi, the whole page. PNG, JPEG, or the first page of a PDF.',
  verdicts: {
    matches: 'The texture goes with the code.',
    'cannot-tell': 'The texture cannot be seen well enough to compare.',
    'does-not-match': 'No texture that goes with this code was found.',
    'too-coarse': 'The scan is too coarse to compare. Scan again at 300 dpi.',
    'no-seal': 'No red seal was found where it should be. Scan the whole page in colour.',
  },
  hintOnly:
    'This is a hint, never a verdict. What counts is the verification of the code and of the electronic file. A colour copy matches too; and where nothing is found, the licence may have been issued without a texture, or printing or scanning lost it.',
  score: 'Correlation',
  scale: '(0.25 or more: it goes with the code; 0.12 or less: not found)',
  fit: 'Fit of the seal',
  dpi: 'Resolution',
  licence: 'Licence',
  off: 'The present policy of this system prints no texture. Licences issued before may have one.',
  code: 'What the code says',
  whatHead: 'What it can tell',
  what: [
    'Where it goes with the code, this picture of a seal was drawn for this code and not cut from another licence.',
    'It cannot tell an original from a colour copy: copying copies the texture too.',
    'Whoever has the code can draw the texture again. It is no secret.',
  ],
  ratesHead: 'How often it errs',
  rates:
    'Measured in simulation only: two kinds of halftone, dot gain, up to 1.5° askew, uneven light, noise, JPEG quality 60 to 90, 150 to 300 dpi. 24 originals scored 0.67 to 0.94, 72 comparisons with other codes at most 0.06, colour copies 0.91 and more. None was judged wrong, but so few say no more than that errors are below some per cent. No real printer or scanner was measured.',
  back: 'Back to scanning',
};

export default en;
