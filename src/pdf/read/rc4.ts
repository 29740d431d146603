/** RC4: broken, and needed to read files that older software encrypted. */
export function rc4(key: Uint8Array, data: Uint8Array): Uint8Array {
  const s = Uint8Array.from({ length: 256 }, (_, i) => i);
  for (let i = 0, j = 0; i < 256; i++) {
    const a = s[i] as number;
    j = (j + a + (key[i % key.length] as number)) & 255;
    s[i] = s[j] as number;
    s[j] = a;
  }
  const out = new Uint8Array(data.length);
  for (let n = 0, i = 0, j = 0; n < data.length; n++) {
    i = (i + 1) & 255;
    const a = s[i] as number;
    j = (j + a) & 255;
    const b = s[j] as number;
    s[i] = b;
    s[j] = a;
    out[n] = (data[n] as number) ^ (s[(a + b) & 255] as number);
  }
  return out;
}
