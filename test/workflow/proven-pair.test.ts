/** Certificates of one enterprise: what a registrar binds has to be proven, whoever he is. */
import { beforeAll, expect, test } from 'vitest';
import { type Signer, toBase64 } from '../../src/crypto/index.ts';
import { generateKey, liveKey } from '../../src/keys/index.ts';
import { issueCertificate, randomSerial, selfSigned } from '../../src/pki/issuing/index.ts';
import { judgePair } from '../../src/workflow/index.ts';
import { type Deployment, deployment, TERM } from '../pki/bundle-fixture.ts';

const SUBJECT = { organization: '某企业', commonName: '某企业' };
const since = '2026-02-05T00:00:00Z';
let it: Deployment;
let signing: Uint8Array;

async function encryption(issuer: Signer | null, subject = SUBJECT): Promise<Uint8Array> {
  const key = await liveKey(await generateKey('P-256'));
  const common = { subject, serial: randomSerial(), ...TERM, pilot: false };
  if (!issuer) return selfSigned({ ...common, key });
  return issueCertificate({ ...common, kind: 'enterprise-encryption', spki: key.spki, issuer });
}

const proven = async (der: Uint8Array) => {
  const pair = { signing: toBase64(signing), encryption: toBase64(der), chain: [] };
  return (await judgePair(pair, it.bundle, since)) === 'ok';
};

beforeAll(async () => {
  it = await deployment();
  const key = await liveKey(await generateKey('P-256'));
  const common = { subject: SUBJECT, serial: randomSerial(), ...TERM, pilot: false };
  signing = await issueCertificate({
    ...{ ...common, kind: 'enterprise-signing', spki: key.spki, issuer: it.root },
  });
});

test('its own encryption certificate is proven', async () => {
  expect(await proven(await encryption(it.root))).toBe(true);
});

test.each([
  ['self-made', () => encryption(null)],
  [
    'of another authority with the issuer’s name',
    async () => encryption((await deployment()).root),
  ],
  ['of another enterprise', () => encryption(it.root, { organization: '乙', commonName: '乙' })],
  ['for signing', async () => signing],
])('one that is %s is not', async (_, made) => {
  expect(await proven(await made())).toBe(false);
});
