import { Malformed } from '../../src/crypto/index.ts';
import {
  certificatesIn,
  describeCertificate,
  describeCrl,
  parseCertificate,
  verifyPath,
} from '../../src/pki/index.ts';
import { caExtensions, certificate, crl, ext, nameOf, party } from '../pki/forge.ts';
import type { FuzzedReader } from './reader.ts';

/** Certificates, lists of revoked ones, PEM and PKCS #7 collections. */
export const reader: FuzzedReader = {
  name: 'certificates',
  async seeds() {
    const ca = await party('CA');
    const leaf = await party(nameOf('C=CN', 'O=某公司', 'CN=051@张三@Z1234567890@1'));
    const root = await certificate({ subject: ca, issuer: ca, extensions: caExtensions(ca, ca) });
    const extensions = [ext.ski(leaf), ext.aki(ca), ext.keyUsage(3), ext.policies('1.2.3.4')];
    const end = await certificate({ subject: leaf, issuer: ca, extensions });
    const list = await crl({ issuer: ca, revoked: [{ serial: 7, reason: 1 }] });
    const pem = [root, end].map((der) => Buffer.from(der).toString('base64'));
    const text = pem.map((b) => `-----BEGIN CERTIFICATE-----\n${b}\n-----END CERTIFICATE-----\n`);
    return [root, end, list, new TextEncoder().encode(text.join(''))];
  },
  async read(input) {
    await parseCertificate({ der: input });
    await describeCertificate(input);
    await describeCrl(input, [input]);
    await verifyPath({ target: input, anchors: [{ cert: input }], crls: [input] });
    try {
      certificatesIn(input);
    } catch (error) {
      if (!(error instanceof Malformed)) throw error;
    }
  },
};
