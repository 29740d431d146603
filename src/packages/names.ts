/** Names, order and media types of a package's entries (EN 319 162-1 4.4, and design section 5). */

export const MIMETYPE = 'application/vnd.etsi.asic-e+zip';
export const MIMETYPE_ENTRY = 'mimetype';
export const RECORD = 'record.json';
export const MANIFEST = 'META-INF/ASiCManifest001.xml';
export const SIGNATURE = 'META-INF/signature001.p7s';

/** Entries of a head, in their order; there are no others. */
export const HEAD_ENTRIES = [MIMETYPE_ENTRY, RECORD, MANIFEST, SIGNATURE] as const;

/** Content with the confidential JSON of a record. */
export const BODY = 'body.p7m';
export const FOLDER = 'files/';
/** How a content is called that is enveloped to those whom the record names in `to`. */
export const ENVELOPED = '.p7m';
/** How a file is called that its author enveloped himself, for fewer or others than the rest. */
export const OWN_ENVELOPE = '.cms';

export const TYPE_JSON = 'application/json';
export const TYPE_ENVELOPED = 'application/pkcs7-mime';
export const TYPE_ANY = 'application/octet-stream';

/** Whether a content is for some alone: enveloped by the record, or by its author for himself. */
export const isEnveloped = ({ name, type }: { name: string; type: string }): boolean =>
  type === TYPE_ENVELOPED || name.endsWith(OWN_ENVELOPE);
