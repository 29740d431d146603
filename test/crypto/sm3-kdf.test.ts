import { createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { hkdfSm3, pbkdf2Sm3 } from '../../src/crypto/sm/sm3-kdf.ts';

test('PBKDF2 with SM3 is OpenSSL’s', async () => {
  for (const [length, iterations, size] of [
    [0, 1, 16],
    [12, 1000, 32],
    [63, 7, 32],
    [64, 7, 33],
    [65, 7, 64],
    [200, 3, 100],
  ] as const) {
    const [password, salt] = [randomBytes(length), randomBytes(length + 8)];
    const ours = await pbkdf2Sm3(password, { salt, iterations }, size);
    expect(Buffer.from(ours)).toEqual(pbkdf2Sync(password, salt, iterations, size, 'sm3'));
  }
});

/** RFC 5869 as it is written, over OpenSSL's HMAC. */
function hkdf(secret: Buffer, salt: Buffer, info: Buffer, size: number): Buffer {
  const hmac = (key: Buffer, ...data: Buffer[]) =>
    createHmac('sm3', key).update(Buffer.concat(data)).digest();
  const prk = hmac(salt, secret);
  const blocks: Buffer[] = [];
  let last: Buffer = Buffer.alloc(0);
  while (32 * blocks.length < size) {
    last = hmac(prk, last, info, Buffer.from([blocks.length + 1]));
    blocks.push(last);
  }
  return Buffer.concat(blocks).subarray(0, size);
}

test('HKDF with SM3 over OpenSSL’s HMAC', () => {
  for (const size of [16, 32, 70]) {
    const [secret, salt, info] = [randomBytes(32), randomBytes(32), randomBytes(size + 60)];
    expect(Buffer.from(hkdfSm3(secret, salt, info, size))).toEqual(hkdf(secret, salt, info, size));
  }
});
