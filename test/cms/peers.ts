/** Certificates, keys and files made by openssl, and openssl as a judge of what we make. */
import { execFileSync } from 'node:child_process';
import { createPrivateKey, sign } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { bitStringOf, type Decrypter, readDer, type Signer } from '../../src/crypto/index.ts';
import { sm2Sign } from '../../src/crypto/sm/sm2.ts';

const folder = mkdtempSync(join(tmpdir(), 'cinnabar-cms-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

export const at = (name: string) => join(folder, name);
export const put = (name: string, bytes: Uint8Array | string) => {
  writeFileSync(at(name), bytes);
  return at(name);
};
export const get = (name: string) => new Uint8Array(readFileSync(at(name)));

/** Runs a command in the folder; throws when it exits with anything but 0. */
export function run(command: string, ...args: string[]): string {
  return execFileSync(command, args, { cwd: folder, stdio: 'pipe', encoding: 'utf8' });
}
export const openssl = (line: string) => run('openssl', ...line.split(' '));

export type Kind = 'P-256' | 'P-384' | 'RSA' | 'SM2';

const NEWKEY: Record<Kind, string> = {
  'P-256': 'EC -pkeyopt ec_paramgen_curve:P-256',
  'P-384': 'EC -pkeyopt ec_paramgen_curve:P-384',
  RSA: 'RSA -pkeyopt rsa_keygen_bits:2048',
  SM2: 'SM2',
};

export interface Identity {
  name: string;
  certificate: Uint8Array;
  signer: Signer;
  decrypter: Decrypter;
}

/** A certificate `NAME.pem` with key `NAME.key`: self-signed (a CA), or issued by `issuer`. */
export function identity(
  name: string,
  kind: Kind,
  issuer?: Identity,
  usage = '',
  days = 3650,
): Identity {
  openssl(`genpkey -algorithm ${NEWKEY[kind]} -out ${name}.key`);
  const distid = kind === 'SM2' ? ' -sigopt distid:1234567812345678' : '';
  const digest = kind === 'SM2' ? '-sm3' : '-sha256';
  const subject = `-subj /C=CN/O=Test/CN=${name}`;
  if (issuer) {
    const usages = usage || 'keyUsage=critical,digitalSignature,nonRepudiation,keyAgreement';
    put(`${name}.ext`, `${usages}\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n`);
    openssl(`req -new ${digest} -key ${name}.key ${subject}${distid} -out ${name}.csr`);
    const serial = String(Math.floor(Math.random() * 1e9) + 1);
    const vfy = kind === 'SM2' ? ' -vfyopt distid:1234567812345678' : '';
    openssl(
      `x509 -req ${digest} -in ${name}.csr -CA ${issuer.name}.pem -CAkey ${issuer.name}.key -set_serial ${serial} -days ${days} -extfile ${name}.ext -out ${name}.pem${distid}${vfy}`,
    );
  } else {
    openssl(
      `req -x509 -new ${digest} -key ${name}.key ${subject}${distid} -days 3650 -out ${name}.pem`,
    );
  }
  openssl(`x509 -in ${name}.pem -outform DER -out ${name}.der`);
  openssl(`pkcs8 -topk8 -nocrypt -in ${name}.key -outform DER -out ${name}.p8`);
  const certificate = get(`${name}.der`);
  return {
    name,
    certificate,
    signer: signerOf(name, kind, certificate),
    decrypter: decrypterOf(name, kind, certificate),
  };
}

function signerOf(name: string, kind: Kind, certificate: Uint8Array): Signer {
  if (kind === 'SM2') {
    const inner = readDer(readDer(get(`${name}.p8`)).children[2]?.value as Uint8Array);
    const secret = inner.children[1]?.value as Uint8Array;
    const point = bitStringOf(inner.children.find((n) => n.tag === 0xa1)?.children[0]);
    return {
      certificate,
      chain: [],
      suite: 'SM2',
      sign: async (data) => sm2Sign(secret, data, point),
    };
  }
  const key = createPrivateKey(readFileSync(at(`${name}.key`)));
  return {
    certificate,
    chain: [],
    suite: kind,
    sign: async (data) => new Uint8Array(sign(kind === 'P-384' ? 'sha384' : 'sha256', data, key)),
  };
}

function decrypterOf(name: string, kind: Kind, certificate: Uint8Array): Decrypter {
  const curve = kind === 'P-384' ? 'P-384' : 'P-256';
  return {
    certificate,
    async agree(point) {
      const algorithm = { name: 'ECDH', namedCurve: curve };
      const usable = Uint8Array.from(get(`${name}.p8`));
      const key = await crypto.subtle.importKey('pkcs8', usable, algorithm, false, ['deriveBits']);
      const peer = await crypto.subtle.importKey(
        'raw',
        Uint8Array.from(point),
        algorithm,
        false,
        [],
      );
      const bits = curve === 'P-384' ? 384 : 256;
      return new Uint8Array(
        await crypto.subtle.deriveBits({ name: 'ECDH', public: peer }, key, bits),
      );
    },
  };
}
