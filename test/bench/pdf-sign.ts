/** What stamping a PDF costs beside the hash and the signature that it cannot do without. */
import { readFileSync } from 'node:fs';
import { owned, type Signer } from '../../src/crypto/index.ts';
import { composeApplicationForm } from '../../src/documents/index.ts';
import { generateKey, liveKey } from '../../src/keys/index.ts';
import { sampleApplication } from '../../src/licence/index.ts';
import { signPdf } from '../../src/pdf/sign/index.ts';
import {
  createRootCertificate,
  issueCertificate,
  randomSerial,
} from '../../src/pki/issuing/index.ts';
import { drawSeal, sealPictureOf, writeSeal } from '../../src/seal/index.ts';

const time = '2026-06-01T00:00:00Z';
const TERM = { notBefore: '2026-01-01T00:00:00Z', notAfter: '2036-01-01T00:00:00Z' };
const ROUNDS = 11;
const EACH = 40;

/** Median time of one round. */
async function median(task: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < EACH; i++) {
    const start = performance.now();
    await task();
    times.push(performance.now() - start);
  }
  return times.sort((a, b) => a - b)[EACH >> 1] as number;
}

/** Both in turn, so that whatever else the machine does meets both: the median of the rounds. */
async function ratioOf(task: () => Promise<unknown>, bare: () => Promise<unknown>) {
  const ratios: number[] = [];
  for (let round = 0; round < ROUNDS; round++)
    ratios.push((await median(task)) / (await median(bare)));
  return ratios.sort((a, b) => a - b)[ROUNDS >> 1] as number;
}

export async function run(): Promise<
  { name: string; figure: number; limit: number; unit: string }[]
> {
  const font = (name: string) => new Uint8Array(readFileSync(`public/fonts/${name}`));
  const fonts = { sans: font('NotoSansSC-Regular.ttf'), serif: font('NotoSerifSC-Bold.ttf') };
  const key = await liveKey(await generateKey('P-256'));
  const subject = { organization: '示例公司', commonName: '示例公司' };
  const serial = randomSerial();
  const certificate = await createRootCertificate({ subject, key, serial, ...TERM });
  const own: Signer = { certificate, chain: [], suite: 'P-256', sign: (data) => key.sign(data) };
  const leaf = await issueCertificate({
    ...{ kind: 'enterprise-signing', subject, spki: key.spki, serial, ...TERM, issuer: own },
  } as Parameters<typeof issueCertificate>[0]);
  const signer: Signer = { ...own, certificate: leaf };
  const { pdf } = await composeApplicationForm(sampleApplication(), { fonts, pilot: false, time });
  const drawing = await drawSeal({ kind: 'round', name: '示例进出口贸易有限公司' }, fonts.serif);
  const seal = await writeSeal({
    ...{ esID: 'CNBR0000000001', vid: 'CINNABAR', type: 1, name: '示例公司' },
    picture: sealPictureOf(drawing),
    holderCertificates: [leaf],
    created: time,
    validStart: TERM.notBefore,
    validEnd: TERM.notAfter,
    maker: own,
  });
  const sign = (appearance: Parameters<typeof signPdf>[0]['appearance']) => () =>
    signPdf({
      ...{ pdf, signer, field: 'Enterprise', page: 0, rect: [0, 0, 200, 200], appearance },
      reason: '提交申请',
      time,
    });
  const plain = sign({ kind: 'none' });
  const stamped = sign({ kind: 'picture', seal });
  const bare = (size: number) => {
    const content = new Uint8Array(size);
    const attributes = new Uint8Array(200);
    return async () => {
      await crypto.subtle.digest('SHA-256', owned(content));
      await signer.sign(attributes);
    };
  };
  const plainSize = (await plain()).length;
  const stampedSize = (await stamped()).length;
  return [
    {
      name: `pdf: ${plainSize >> 10} kB signed without picture / hash and signature alone`,
      figure: await ratioOf(plain, bare(plainSize)),
      limit: 5,
      unit: 'ratio',
    },
    {
      name: `pdf: ${stampedSize >> 10} kB stamped with a seal / hash and signature alone`,
      figure: await ratioOf(stamped, bare(stampedSize)),
      limit: 5,
      unit: 'ratio',
    },
  ];
}
