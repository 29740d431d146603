/** A document time stamp (EN 319 142-1, 5.4.3): a token over the whole file, shown nowhere. */
import { askTimeStamp, type TimeStampSource } from '../../cms/index.ts';
import type { Bytes } from '../../crypto/index.ts';
import { PdfDocument } from '../read/document.ts';
import { formOf } from '../verify/form-fields.ts';
import { placeAll } from './form-update.ts';
import { Increment } from './increment.ts';
import { checkEncryption } from './permissions.ts';
import { closeRange, fillContents, openEntries } from './placeholder.ts';
import { FITTING, roomy } from './room.ts';
import { addField } from './signature-field.ts';
import { Syntax } from './write-object.ts';

/**
 * @returns the file with the stamp, and the stamp's Contents as they stand
 * @throws {Malformed} `pdf-…`, or what `askTimeStamp` and the source throw
 */
export async function stampDocument(
  pdf: Uint8Array,
  source: TimeStampSource,
  { nonce, password }: { nonce?: (() => bigint) | undefined; password?: string | undefined } = {},
): Promise<{ pdf: Bytes; token: Uint8Array; contents: Uint8Array }> {
  return roomy(FITTING, async (size) => {
    const document = await PdfDocument.open(pdf, password);
    checkEncryption(document, false);
    const increment = new Increment(document);
    addStamp(increment, size);
    const out = await increment.write();
    const hole = closeRange(out, pdf.length, size);
    const token = await askTimeStamp({ ranges: hole.ranges }, { source, nonce: nonce?.() });
    if (token.length > size) return token.length;
    fillContents(out, hole, token);
    const contents = new Uint8Array(size);
    contents.set(token);
    return { pdf: out, token, contents };
  });
}

function addStamp(increment: Increment, size: number): void {
  const value = increment.add(
    new Syntax(
      '<</Type /DocTimeStamp\n/Filter /Adobe.PPKLite\n/SubFilter /ETSI.RFC3161\n' +
        `${openEntries(size)}>>`,
    ),
  );
  const place = { name: freeName(increment), page: 0, rect: [0, 0, 0, 0] } as const;
  placeAll(increment, [addField(increment, place, null, value)]);
}

function freeName({ revision }: Increment): string {
  const names = new Set(formOf(revision).all.map((field) => field.name));
  for (let i = 1; ; i++) if (!names.has(`TimeStamp${i}`)) return `TimeStamp${i}`;
}
