/** What every new deployment begins with: a root, two CAs below it, and the first trust bundle. */
import { fromBase64, type Suite, toBase64 } from '../crypto/index.ts';
import type { NewSecret } from '../keys/index.ts';
import { certificateId, type TrustBundle } from '../pki/index.ts';
import type { DeskContext } from './context.ts';
import { signCrls } from './crls.ts';
import type { CaRecord } from './device-records.ts';
import { type Issuer, makeCa, makeRoot, termFrom } from './identities.ts';
import { DeskError } from './refusals.ts';

export const NUMBER_PATTERN = '{yy}-{issuer}-{serial:6}';

export interface Authorities {
  root: Awaited<ReturnType<typeof makeRoot>>;
  enterpriseCa: Awaited<ReturnType<typeof makeCa>>;
  staffCa: Awaited<ReturnType<typeof makeCa>>;
}

/** @param name stands before what each is: `<name>信任根`, `<name>企业 CA`, `<name>机构 CA` */
export async function makeAuthorities(
  context: DeskContext,
  {
    organization,
    name,
    now,
    ...common
  }: {
    suite: Suite;
    pilot: boolean;
    organization: string;
    name: string;
    now: string;
  },
  secrets: { root: NewSecret[]; authority: NewSecret[] },
): Promise<Authorities> {
  const named = (what: string) => ({
    ...common,
    label: `${name}${what}`,
    subject: { organization, commonName: `${name}${what}` },
  });
  const root = await makeRoot(
    context,
    { ...named('信任根'), secrets: secrets.root },
    termFrom(now, 12),
  );
  const above: Issuer = { ...root, chain: [root.certificate] };
  const ca = (what: string) =>
    makeCa(context, { ...named(what), secrets: secrets.authority }, above, termFrom(now, 10));
  return { root, enterpriseCa: await ca('企业 CA'), staffCa: await ca('机构 CA') };
}

export async function firstBundle({
  now,
  nextUpdate,
  authorities: { root, enterpriseCa, staffCa },
  ...rest
}: Pick<
  TrustBundle,
  'name' | 'authority' | 'pilot' | 'roster' | 'statusLists' | 'policy' | 'endpoints' | 'nextUpdate'
> & { now: string; authorities: Authorities }): Promise<TrustBundle> {
  return {
    v: 1,
    ...rest,
    deployment: await certificateId(root.certificate),
    seq: 1,
    issuedAt: now,
    nextUpdate,
    root: toBase64(root.certificate),
    anchors: [
      { certificate: toBase64(enterpriseCa.certificate), certifies: ['enterprise'] },
      {
        certificate: toBase64(staffCa.certificate),
        certifies: ['staff', 'seal-maker', 'time-stamp'],
      },
    ],
    intermediates: [],
    former: [],
    crls: await signCrls([enterpriseCa, staffCa], { number: 1, now, nextUpdate }),
  };
}

export const caRecord = ({ id, certificate, chain }: Issuer & { id: string }): CaRecord => ({
  identity: id,
  certificate,
  chain,
});

/**
 * The key is 32 octets of Ed25519, or in the Chinese suite a point of SM2.
 * @throws {DeskError} `endpoint-address`, `malformed`: a wrong key would stop everybody's exchange
 */
export function checkEndpoint(
  suite: Suite,
  { url, checkpointKey }: TrustBundle['endpoints'][number],
): void {
  if (!/^https?:\/\//.test(url)) throw new DeskError('endpoint-address', 'not an address', { url });
  if (fromBase64(checkpointKey)?.length !== (suite === 'SM2' ? 65 : 32)) {
    const expected = suite === 'SM2' ? 'a key of SM2' : 'an Ed25519 key';
    throw new DeskError('malformed', `${expected} is expected`, { detail: 'checkpointKey' });
  }
}
