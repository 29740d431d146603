/** CRC-32 as ZIP carries it (APPNOTE 4.4.7), eight octets at a step. */

const TABLES: Int32Array[] = [new Int32Array(256)];
for (let i = 0; i < 256; i++) {
  let crc = i;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  (TABLES[0] as Int32Array)[i] = crc;
}
for (let t = 1; t < 8; t++) {
  const [first, before] = [TABLES[0], TABLES[t - 1]] as [Int32Array, Int32Array];
  TABLES.push(before.map((crc) => (crc >>> 8) ^ (first[crc & 0xff] as number)));
}
const [T0, T1, T2, T3, T4, T5, T6, T7] = TABLES as [
  Int32Array,
  Int32Array,
  Int32Array,
  Int32Array,
  Int32Array,
  Int32Array,
  Int32Array,
  Int32Array,
];

export function crc32(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let crc = -1;
  let i = 0;
  for (; i + 8 <= bytes.length; i += 8) {
    const low = view.getInt32(i, true) ^ crc;
    const high = view.getInt32(i + 4, true);
    crc =
      (T7[low & 0xff] as number) ^
      (T6[(low >>> 8) & 0xff] as number) ^
      (T5[(low >>> 16) & 0xff] as number) ^
      (T4[low >>> 24] as number) ^
      (T3[high & 0xff] as number) ^
      (T2[(high >>> 8) & 0xff] as number) ^
      (T1[(high >>> 16) & 0xff] as number) ^
      (T0[high >>> 24] as number);
  }
  for (; i < bytes.length; i++) {
    crc = (crc >>> 8) ^ (T0[(crc ^ (bytes[i] as number)) & 0xff] as number);
  }
  return ~crc >>> 0;
}
