/**
 * SpecifiedECDomain (SEC 1 C.2) that spells out the curve of SM2, as old Chinese software does. A
 * curve that differs in anything, its generator above all, lets a forger choose keys to fit
 * (CVE-2020-0601), so each number is compared with the standard's and nothing else is read.
 */
import { fromHex, toHex } from './bytes.ts';
import { type DerNode, integerOf, oidOf, TAG } from './der.ts';

const PRIME_FIELD = '1.2.840.10045.1.1';
/** GM/T 0003.5. */
const P = 0xfffffffeffffffffffffffffffffffffffffffff00000000ffffffffffffffffn;
const N = 0xfffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123n;
const A = 'fffffffeffffffffffffffffffffffffffffffff00000000fffffffffffffffc';
const B = '28e9fa9e9d9f5e344d5a9e4bcf6509a7f39789f515ab8f92ddbcbd414d940e93';
const GX = '32c4ae2c1f1981195f9904466a39c9948fe30bbff2660be1715a4589334c74c7';
const GY = 'bc3736a2f4f6779c59bdcee36b692153d0a9877cc62a474002df32e52139f0a0';
const ODD_Y = (fromHex(GY)?.[31] ?? 0) & 1;
const GENERATORS = [`04${GX}${GY}`, `0${2 + ODD_Y}${GX}`];

/** The curve as numbers, and what SM3 digests of it before a message (GM/T 0003.2 5.5). */
export const SM2_CURVE = {
  p: P,
  n: N,
  h: 1n,
  a: BigInt(`0x${A}`),
  b: BigInt(`0x${B}`),
  Gx: BigInt(`0x${GX}`),
  Gy: BigInt(`0x${GY}`),
} as const;
export const SM2_DOMAIN = A + B + GX + GY;

/** Whether these ECParameters are those of SM2. */
export function isExplicitSm2(node: DerNode): boolean {
  const [version, field, curve, base, order, cofactor, extra] = node.children;
  if (node.tag !== TAG.SEQUENCE || extra || !field || !curve) return false;
  const octets = (each: DerNode | undefined) =>
    each?.tag === TAG.OCTET_STRING ? toHex(each.value) : '';
  const number = (each: DerNode | undefined) =>
    each?.tag === TAG.INTEGER ? integerOf(each) : null;
  if (field.tag !== TAG.SEQUENCE || curve.tag !== TAG.SEQUENCE) return false;
  const stated = number(version);
  return (
    (stated === 1n || stated === 2n || stated === 3n) &&
    field.children.length === 2 &&
    field.children[0]?.tag === TAG.OID &&
    oidOf(field.children[0]) === PRIME_FIELD &&
    number(field.children[1]) === P &&
    (curve.children.length === 2 || curve.children[2]?.tag === TAG.BIT_STRING) &&
    curve.children.length <= 3 &&
    octets(curve.children[0]) === A &&
    octets(curve.children[1]) === B &&
    GENERATORS.includes(octets(base)) &&
    number(order) === N &&
    (!cofactor || number(cofactor) === 1n)
  );
}
