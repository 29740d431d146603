/**
 * A document of ours from start to finish: A4 pages, faces, language and title metadata, and the
 * data it shows as an associated file (ISO 32000-2, 14.13). The same input gives the same bytes.
 */
import { AFRelationship, PDFDocument, PDFHexString, PDFName } from 'pdf-lib';
import { type Bytes, canonicalJson, type Json, utf8 } from '../../crypto/index.ts';
import { embedFaces, type FontBytes } from './fonts.ts';
import { A4, PT, Sheet } from './sheet.ts';
import { writeXmp } from './xmp.ts';

export interface PaperOptions {
  title: string;
  subject: string;
  /** ISO 8601: date of creation. */
  time: string;
  fonts: FontBytes;
}

export class Paper {
  readonly doc: PDFDocument;
  readonly sheets: Sheet[] = [];
  readonly #options: PaperOptions;
  readonly #faces: Sheet['faces'];

  private constructor(doc: PDFDocument, options: PaperOptions, faces: Sheet['faces']) {
    this.doc = doc;
    this.#options = options;
    this.#faces = faces;
  }

  static async create(options: PaperOptions): Promise<Paper> {
    const doc = await PDFDocument.create({ updateMetadata: false });
    return new Paper(doc, options, await embedFaces(doc, options.fonts));
  }

  addSheet(): Sheet {
    const sheet = new Sheet(this.doc.addPage([A4.width * PT, A4.height * PT]), this.#faces);
    this.sheets.push(sheet);
    return sheet;
  }

  /** Embeds canonical JSON under that name, as the data behind the page. */
  async attachData(name: string, description: string, data: Json): Promise<void> {
    await this.attachBytes(name, description, utf8(canonicalJson(data)));
  }

  async attachBytes(name: string, description: string, bytes: Uint8Array): Promise<void> {
    const date = new Date(this.#options.time);
    await this.doc.attach(bytes, name, {
      mimeType: 'application/json',
      description,
      creationDate: date,
      modificationDate: date,
      afRelationship: AFRelationship.Data,
    });
  }

  async save(): Promise<Bytes> {
    const { doc } = this;
    const { title, subject, time } = this.#options;
    const date = new Date(time);
    doc.setTitle(title, { showInWindowTitleBar: true });
    doc.setSubject(subject);
    doc.setCreator('Cinnabar');
    doc.setProducer('Cinnabar');
    doc.setCreationDate(date);
    doc.setModificationDate(date);
    doc.setLanguage('zh-CN');
    const xmp = doc.context.stream(utf8(writeXmp(title, subject, time)), {
      Type: 'Metadata',
      Subtype: 'XML',
    });
    doc.catalog.set(PDFName.of('Metadata'), doc.context.register(xmp));
    const id = PDFHexString.of('00'.repeat(16));
    doc.context.trailerInfo.ID = doc.context.obj([id, id]);
    return (await doc.save({ useObjectStreams: false, addDefaultPage: false })) as Bytes;
  }
}
