import { describe, expect, test } from 'vitest';
import {
  bundleOfLink,
  joinPathOf,
  linkToObject,
  linkWithBundle,
  MOST_IN_LINK,
} from '../../src/app/pages/setup/join-link.ts';
import { writeBundle } from '../../src/desk/bundle-package.ts';
import { readPackage } from '../../src/packages/index.ts';
import { deployment } from '../pki/bundle-fixture.ts';

const BASE = 'https://licences.example/';
const { bundle: trust, root } = await deployment();
const made = await writeBundle(trust, root, '2026-02-02T00:00:00Z');
const bundle = new TextEncoder().encode('a trust bundle, '.repeat(500));
const restOf = (link: string) => (joinPathOf(link) ?? '').replace('/join/', '');
const nothing = async () => null;

describe('a link that holds the bundle', () => {
  test('gives it back, octet for octet', async () => {
    const link = (await linkWithBundle(BASE, bundle)) as string;
    expect(await bundleOfLink(restOf(link), nothing)).toEqual(bundle);
  });

  test('is not made for what is too large', async () => {
    const noise = new Uint8Array(2 * MOST_IN_LINK);
    for (let at = 0; at < noise.length; at += 65_536) {
      crypto.getRandomValues(noise.subarray(at, at + 65_536));
    }
    expect(await linkWithBundle(BASE, noise)).toBeNull();
  });

  test('that is cut or is no base64 leads nowhere', async () => {
    const link = (await linkWithBundle(BASE, bundle)) as string;
    const rest = restOf(link);
    for (const broken of [rest.slice(0, -8), 'b/****', 'b/', 'c/abc']) {
      expect(await bundleOfLink(broken, nothing)).toBeNull();
    }
  });
});

describe('a link that names the bundle', () => {
  test('takes it from the own origin, and only if it is that very one', async () => {
    const { id, contents, bytes } = await readPackage(made.head);
    const { present } = await readPackage(made.bytes);
    const rest = restOf(linkToObject(BASE, id));
    const digest = contents[0]?.digest ?? '';
    const parts = new Map([
      [`/v1/h/${id}`, bytes],
      [`/v1/c/${digest}`, present.get('files/trust.json') as Uint8Array],
    ]);
    const asked: string[] = [];
    const load = async (path: string) => {
      asked.push(path);
      return parts.get(path) ?? null;
    };
    expect(await bundleOfLink(rest, load)).toEqual(made.bytes);
    expect(asked).toEqual([`/v1/h/${id}`, `/v1/c/${digest}`]);
    const other = async (path: string) => (path.includes('/c/') ? bundle : load(path));
    expect(await bundleOfLink(rest, other)).toBeNull();
    expect(await bundleOfLink(rest, async () => bundle.slice(1))).toBeNull();
    expect(await bundleOfLink(rest, nothing)).toBeNull();
  });
});

describe('a scanned text', () => {
  test('is an invitation only in this form, whatever its host', () => {
    const id = 'ab'.repeat(32);
    expect(joinPathOf(`https://elsewhere.example/#/join/o/${id}`)).toBe(`/join/o/${id}`);
    for (const text of [
      'EL1:ABC',
      `javascript:alert(1)#/join/o/${id}`,
      `https://a.example/#/join/o/${id}?x=1`,
      'https://a.example/#/join/o/short',
      'https://a.example/#/verify',
    ]) {
      expect(joinPathOf(text)).toBeNull();
    }
  });
});
