/** What a path costs beside the signatures that it cannot do without. */
import { bitStringOf, ecdsaToRaw, owned, readDer } from '../../src/crypto/index.ts';
import { verifyPath } from '../../src/pki/index.ts';
import { caExtensions, certificate, crl, type Party, party } from '../pki/forge.ts';

const time = '2026-06-01T00:00:00Z';
const CHAINS = 180;
const LEAVES = 120;

interface Chain {
  root: Party;
  ca: Party;
  leaf: Uint8Array;
  sub: Uint8Array;
  anchor: Uint8Array;
  crls: Uint8Array[];
}

async function chain(): Promise<Chain> {
  const [root, ca, signer] = [await party('Root'), await party('CA'), await party('Signer')];
  const extensions = caExtensions(root, root);
  return {
    root,
    ca,
    leaf: await certificate({ subject: signer, issuer: ca, serial: 4711 }),
    sub: await certificate({ subject: ca, issuer: root, extensions: caExtensions(ca, root) }),
    anchor: await certificate({ subject: root, issuer: root, extensions }),
    crls: [await crl({ issuer: root }), await crl({ issuer: ca, revoked: [{ serial: 1 }] })],
  };
}

async function path({ leaf, sub, anchor, crls }: Chain): Promise<void> {
  const { code } = await verifyPath({
    target: leaf,
    intermediates: [sub],
    anchors: [{ cert: anchor }],
    crls,
    time,
    revocation: 'hard-fail',
  });
  if (code !== 'ok') throw new Error(`bench path: ${code}`);
}

/** The same signature with WebCrypto alone: import the key, verify. */
async function bare(der: Uint8Array, spki: Uint8Array): Promise<void> {
  const [tbs, , signature] = readDer(der).children;
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256' };
  const key = await crypto.subtle.importKey('spki', owned(spki), algorithm, false, ['verify']);
  const raw = ecdsaToRaw(bitStringOf(signature), 32);
  const use = { name: 'ECDSA', hash: 'SHA-256' };
  const valid = await crypto.subtle.verify(use, key, raw, owned(tbs?.raw ?? der));
  if (!valid) throw new Error('bench signature');
}

/** Lower quartile of the time of `a` over that of `b`, item by item, so that a busy machine slows both alike. */
async function ratio<T>(
  items: readonly T[],
  a: (item: T) => Promise<void>,
  b: (item: T) => Promise<void>,
): Promise<number> {
  const timed = async (task: (item: T) => Promise<void>, item: T) => {
    const start = performance.now();
    await task(item);
    return performance.now() - start;
  };
  const times: [number, number][] = [];
  for (const item of items) times.push([await timed(a, item), await timed(b, item)]);
  const quartile = (of: 0 | 1) => times.map((t) => t[of]).sort((x, y) => x - y)[times.length >> 2];
  return (quartile(0) as number) / (quartile(1) as number);
}

const allSignatures = async ({ leaf, sub, crls, root, ca }: Chain) => {
  const [rootCrl, caCrl] = crls as [Uint8Array, Uint8Array];
  await bare(leaf, ca.spki);
  await bare(caCrl, ca.spki);
  await bare(sub, root.spki);
  await bare(rootCrl, root.spki);
};

export async function run(): Promise<
  { name: string; figure: number; limit: number; unit: 'ratio' }[]
> {
  const chains = await Promise.all(Array.from({ length: CHAINS }, chain));
  await ratio(chains.slice(0, 20), path, allSignatures);
  // Never seen before: nothing is remembered of these.
  const unseen = await ratio(chains.slice(20), path, allSignatures);

  // Many signers under one CA: issuers and CRLs are remembered, each signer is new.
  const one = chains[0] as Chain;
  const signer = await party('Signer');
  const leaves = await Promise.all(
    Array.from({ length: LEAVES }, (_, i) =>
      certificate({ subject: signer, issuer: one.ca, serial: 5000 + i }),
    ),
  );
  const known = await ratio(
    leaves,
    (leaf) => path({ ...one, leaf }),
    (leaf) => allSignatures({ ...one, leaf }),
  );
  return [
    { name: 'pki: path of 3 with CRLs, never seen', figure: unseen, limit: 1.5, unit: 'ratio' },
    {
      name: 'pki: path of 3 with CRLs, known issuers',
      figure: known,
      limit: 1.5,
      unit: 'ratio',
    },
  ];
}
