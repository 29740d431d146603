import 'reflect-metadata';
import {
  CertificatePolicyExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  Pkcs10CertificateRequest,
  Pkcs10CertificateRequestGenerator,
  X509Certificate,
  X509Crl,
} from '@peculiar/x509';
import { describe, expect, it } from 'vitest';
import { owned, toHex } from '../../src/crypto/index.ts';
import { PILOT_POLICY, readCertificate } from '../../src/pki/index.ts';
import { createCrl, createCsr, readCsr } from '../../src/pki/issuing/index.ts';
import { deployment } from './bundle-fixture.ts';

describe('@peculiar/x509 reads what we issue', () => {
  it('certificates, their extensions and signatures', async () => {
    const { root, issuer } = await deployment(true);
    const ca = new X509Certificate(owned(root.certificate));
    const leaf = new X509Certificate(owned(issuer.certificate));
    const date = new Date('2026-06-01T00:00:00Z');
    expect(await leaf.verify({ publicKey: ca.publicKey, date })).toBe(true);
    expect(await ca.verify({ publicKey: leaf.publicKey, date })).toBe(false);
    expect(leaf.subject).toContain('CN=出证员');
    expect(leaf.getExtension(KeyUsagesExtension)?.usages).toBe(
      KeyUsageFlags.digitalSignature | KeyUsageFlags.nonRepudiation,
    );
    expect(leaf.getExtension(CertificatePolicyExtension)?.policies).toEqual([PILOT_POLICY]);
  });

  it('requests and CRLs', async () => {
    const { root, rootKey, issuer } = await deployment();
    const subject = { organization: '示例', commonName: '示例' };
    const csr = new Pkcs10CertificateRequest(owned(await createCsr({ subject, key: rootKey })));
    expect(await csr.verify()).toBe(true);
    const { serial } = readCertificate(issuer.certificate);
    const crl = new X509Crl(
      owned(
        await createCrl({
          issuer: root,
          number: 3,
          revoked: [{ serial, time: '2026-02-01T00:00:00Z', reason: 'keyCompromise' }],
          thisUpdate: '2026-03-01T00:00:00Z',
          nextUpdate: '2026-04-01T00:00:00Z',
        }),
      ),
    );
    const ca = new X509Certificate(owned(root.certificate));
    expect(await crl.verify({ publicKey: ca.publicKey })).toBe(true);
    expect(crl.findRevoked(toHex(serial))?.reason).toBe(1);
  });
});

describe('we read what @peculiar/x509 requests', () => {
  it('with proof of possession', async () => {
    const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
    const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
    const csr = await Pkcs10CertificateRequestGenerator.create({
      name: 'CN=Example, O=Example',
      keys,
      signingAlgorithm: algorithm,
    });
    expect(await readCsr(new Uint8Array(csr.rawData))).toMatchObject({
      ok: true,
      request: { subject: { organization: 'Example', commonName: 'Example' } },
    });
  });
});
