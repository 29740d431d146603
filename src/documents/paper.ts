/**
 * A document of ours from start to finish, made as PDF/A-3 asks (level B): A4 pages, faces, language and title metadata, and the
 * data it shows as an associated file (ISO 32000-2, 14.13). The same input gives the same bytes.
 */
import { AFRelationship, PDFDocument, PDFHexString, PDFName, PDFString } from 'pdf-lib';
import { type Bytes, canonicalJson, type Json, sha256Hex, utf8 } from '../crypto/index.ts';
import { sRgbProfile } from './colour-profile.ts';
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

  /** The colours of the page are sRGB (ISO 19005-3, 6.2.3). */
  #setOutputIntent(): void {
    const { context, catalog } = this.doc;
    const profile = context.register(context.flateStream(sRgbProfile(), { N: 3 }));
    const intent = context.obj({
      Type: 'OutputIntent',
      S: 'GTS_PDFA1',
      OutputConditionIdentifier: PDFString.of('sRGB'),
      Info: PDFString.of('sRGB IEC61966-2.1'),
      DestOutputProfile: profile,
    });
    catalog.set(PDFName.of('OutputIntents'), context.obj([context.register(intent)]));
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
    this.#setOutputIntent();
    const id = PDFHexString.of((await sha256Hex(utf8(`${title} ${subject} ${time}`))).slice(0, 32));
    doc.context.trailerInfo.ID = doc.context.obj([id, id]);
    return (await doc.save({ useObjectStreams: false, addDefaultPage: false })) as Bytes;
  }
}
