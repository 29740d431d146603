/**
 * `npm run samples`: makes the files that the verify page offers to try, and the trust data that
 * they are judged by, with keys and certificates of their own that are thrown away afterwards.
 */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Signer } from '../src/crypto/index.ts';
import { drawSeal, sealPictureOf, writeSeal } from '../src/seal/index.ts';
import {
  ISSUED,
  sampleLicence,
  sealedLicence,
  signedByAnother,
  withOtherTotals,
} from './samples/licence.ts';
import { sealedOfd } from './samples/ofd.ts';
import { AUTHORITY, FROM, makeAuthority, makeRoot, sampleTrust, UNTIL } from './samples/people.ts';

const ENTERPRISE = { organization: '示例进出口贸易有限公司', uscc: '91110000MA000TE137' };
const STRANGER = { organization: '示例他人商贸有限公司', uscc: '91310000MA1FL0T285' };

export async function main(args: string[]): Promise<number> {
  const home = join(dirname(fileURLToPath(import.meta.url)), '../../public');
  const [target = join(home, 'samples')] = args;
  const font = async (name: string) =>
    new Uint8Array(await readFile(join(home, 'fonts', `${name}.ttf`)));
  const fonts = { sans: await font('NotoSansSC-Regular'), serif: await font('NotoSerifSC-Bold') };

  const root = await makeRoot();
  const staff = await makeAuthority(root, 'P-256', '朱砂样例机构 CA');
  const enterprises = await makeAuthority(root, 'P-256', '朱砂样例企业 CA');
  const staffSm2 = await makeAuthority(root, 'SM2', '朱砂样例机构 CA（国密）');
  const enterprisesSm2 = await makeAuthority(root, 'SM2', '朱砂样例企业 CA（国密）');
  const person = { organization: AUTHORITY.zh, kind: 'staff-signing', suite: 'P-256' } as const;
  const maker = { organization: AUTHORITY.zh, kind: 'seal-maker', commonName: '周砚' } as const;
  const issuer = await staff.issue({ ...person, commonName: '许证' });
  const makers = {
    p256: await staff.issue({ ...maker, suite: 'P-256' }),
    sm2: await staffSm2.issue({ ...maker, suite: 'SM2' }),
  };
  const firm = { kind: 'enterprise-signing' } as const;
  const stranger = await enterprises.issue({
    ...{ ...firm, ...STRANGER, suite: 'P-256', commonName: STRANGER.organization },
  });
  const enterprise = await enterprisesSm2.issue({
    ...{ ...firm, ...ENTERPRISE, suite: 'SM2', commonName: ENTERPRISE.organization },
  });
  const sealOf = async (
    kind: 'authority' | 'round',
    name: string,
    holder: Signer,
    by: Signer,
    esID: string,
  ) =>
    writeSeal({
      ...{ esID, vid: 'CINNABAR', type: 1, name, maker: by },
      picture: sealPictureOf(await drawSeal({ kind, name }, fonts.serif)),
      holderCertificates: [holder.certificate],
      ...{ created: FROM, validStart: FROM, validEnd: UNTIL },
    });

  const seal = await sealOf('authority', AUTHORITY.zh, issuer, makers.p256, 'CNBRSAMPLE0001');
  const good = await sealedLicence(sampleLicence('26-AA-000001', 1), {
    ...{ signer: issuer, seal, fonts },
  });
  const claimed = await sealedLicence(sampleLicence('26-AA-000002', 2), {
    ...{ signer: issuer, seal, fonts },
  });
  const organization = ENTERPRISE.organization;
  const firmSeal = await sealOf('round', organization, enterprise, makers.sm2, 'CNBRSAMPLE0002');
  const files: Record<string, Uint8Array> = {
    'licence.pdf': good,
    'licence-changed.pdf': await withOtherTotals(good, '*9,142,500.00*'),
    'licence-foreign-seal.pdf': await signedByAnother(claimed, stranger),
    'delivery-note.ofd': await sealedOfd({
      ...{ seal: firmSeal, signer: enterprise, time: ISSUED },
      lines: [
        ['送货单（示例）', 8],
        ['收货单位：示例钢铁制造股份有限公司', 4.5],
        ['货物：未烧结铁矿砂及其精矿，70000 吨', 4.5],
        ['金额：7142500.00 美元', 4.5],
        ['送货单位：示例进出口贸易有限公司', 4.5],
      ],
    }),
    'trust.json': await sampleTrust({
      ...{ root, issuer, makers: [makers.p256, makers.sm2] },
      enterprise: [enterprises, enterprisesSm2],
      staff: [staff, staffSm2],
    }),
  };
  await rm(target, { recursive: true, force: true });
  await mkdir(target, { recursive: true });
  for (const [name, bytes] of Object.entries(files)) await writeFile(join(target, name), bytes);
  console.log(`Samples were written to ${target}.`);
  return 0;
}
