/** A small certification authority played by openssl, in a folder of its own. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const CONFIG = `
[ca]
default_ca = own
[own]
database = ./index.txt
serial = ./serial
crlnumber = ./crlnumber
new_certs_dir = .
default_md = default
default_days = 30
default_crl_days = 30
policy = any
unique_subject = no
copy_extensions = none
[any]
countryName = optional
commonName = supplied
[req]
distinguished_name = dn
string_mask = utf8only
utf8 = yes
[dn]
[root]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
[sub]
basicConstraints = critical,CA:TRUE,pathlen:0
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
nameConstraints = critical,permitted;dirName:allowed
[allowed]
C = CN
[leaf]
basicConstraints = CA:FALSE
keyUsage = critical,digitalSignature,nonRepudiation
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
certificatePolicies = 1.2.3.4
crlDistributionPoints = URI:http://crl.example.cn/ca.crl
`;

export class OpensslCa {
  readonly folder = mkdtempSync(join(tmpdir(), 'openssl-ca-'));
  readonly #algorithm: string[];
  readonly #sign: string[];

  /** @param algorithm e.g. `EC:P-256`, `EC:SM2`, `RSA:2048`, `ED25519` */
  constructor(algorithm: string) {
    const [kind = '', detail = ''] = algorithm.split(':');
    const option = kind === 'EC' ? `ec_paramgen_curve:${detail}` : `rsa_keygen_bits:${detail}`;
    this.#algorithm = ['-algorithm', kind, ...(detail ? ['-pkeyopt', option] : [])];
    this.#sign = detail === 'SM2' ? ['-sigopt', 'distid:1234567812345678'] : [];
    this.write('ca.cnf', CONFIG);
    this.write('index.txt', '');
    this.write('serial', '1000\n');
    this.write('crlnumber', '01\n');
    for (const name of ['root', 'sub', 'leaf']) {
      this.run('genpkey', ...this.#algorithm, '-out', `${name}.key`);
    }
    this.request('root', '/CN=Root');
    this.sign('root', 'root', '-selfsign');
    this.request('sub', '/CN=Sub CA');
    this.sign('sub', 'root');
    this.request('leaf', '/C=CN/CN=企业');
    this.sign('leaf', 'sub');
  }

  write(name: string, text: string): void {
    writeFileSync(join(this.folder, name), text);
  }

  run(...args: string[]): string {
    return execFileSync('openssl', args, { cwd: this.folder, stdio: 'pipe' }).toString();
  }

  request(name: string, subject: string): void {
    const common = ['-new', '-utf8', '-config', 'ca.cnf', '-subj', subject, ...this.#sign];
    this.run('req', ...common, '-key', `${name}.key`, '-out', `${name}.csr`);
  }

  sign(name: string, issuer: string, ...more: string[]): void {
    const by = more.length > 0 ? [] : ['-cert', `${issuer}.pem`];
    const vfy = this.#sign.length > 0 ? ['-vfyopt', 'distid:1234567812345678'] : [];
    const input = ['-in', `${name}.csr`, '-out', `${name}.pem`, '-extensions', name];
    const common = ['-batch', '-notext', '-config', 'ca.cnf', '-keyfile', `${issuer}.key`];
    this.run('ca', '-utf8', ...common, ...by, ...input, ...more, ...this.#sign, ...vfy);
  }

  /** A CRL of `issuer` over everything revoked so far. */
  crl(issuer: string): Uint8Array {
    const by = ['-keyfile', `${issuer}.key`, '-cert', `${issuer}.pem`, ...this.#sign];
    this.run('ca', '-config', 'ca.cnf', '-gencrl', ...by, '-out', 'list.pem');
    this.run('crl', '-in', 'list.pem', '-outform', 'DER', '-out', 'list.der');
    return this.bytes('list.der');
  }

  revoke(name: string, issuer: string): void {
    const by = ['-keyfile', `${issuer}.key`, '-cert', `${issuer}.pem`];
    this.run('ca', '-config', 'ca.cnf', '-revoke', `${name}.pem`, ...by);
  }

  ocsp(name: string, issuer: string): Uint8Array {
    const about = ['-issuer', `${issuer}.pem`, '-cert', `${name}.pem`];
    this.run('ocsp', ...about, '-no_nonce', '-reqout', 'request.der');
    const by = ['-rsigner', `${issuer}.pem`, '-rkey', `${issuer}.key`, '-ndays', '7'];
    const index = ['-index', 'index.txt', '-CA', `${issuer}.pem`, '-reqin', 'request.der'];
    this.run('ocsp', ...index, ...by, '-respout', 'response.der');
    return this.bytes('response.der');
  }

  bytes(name: string): Uint8Array {
    return new Uint8Array(readFileSync(join(this.folder, name)));
  }

  certificate(name: string): Uint8Array {
    this.run('x509', '-in', `${name}.pem`, '-outform', 'DER', '-out', `${name}.der`);
    return this.bytes(`${name}.der`);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}
