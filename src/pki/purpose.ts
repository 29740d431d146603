/** What the caller wants the target for: key purposes, key usage and names. */
import { ANY_APPLICATION, ANY_EKU } from './extensions.ts';
import type { Fields } from './fields.ts';
import type { Profile } from './profile.ts';

export interface PeerName {
  kind: 'DNS' | 'IP' | 'RFC822';
  value: string;
}

export interface Purpose {
  /** Key purpose OIDs, all of them asked for. */
  ekus?: readonly string[];
  /** Names, all of them asked for. */
  peerNames?: readonly PeerName[];
  /** KEY_USAGE bits of which one must be there where the certificate has keyUsage. */
  keyUsage?: number;
}

export const TIME_STAMPING = '1.3.6.1.5.5.7.3.8';

/** Short names that callers may use for the usual purposes. */
export const EKU_NAMES: Record<string, string> = {
  serverAuth: '1.3.6.1.5.5.7.3.1',
  clientAuth: '1.3.6.1.5.5.7.3.2',
  codeSigning: '1.3.6.1.5.5.7.3.3',
  emailProtection: '1.3.6.1.5.5.7.3.4',
  timeStamping: TIME_STAMPING,
  OCSPSigning: '1.3.6.1.5.5.7.3.9',
  anyExtendedKeyUsage: ANY_EKU,
};

/** Whether a certificate's key purposes allow those asked for; an issuer may always say any. */
export function allowsEkus(
  { extendedKeyUsage, applicationPolicies }: Fields,
  asked: readonly string[],
  profile: Profile,
  target: boolean,
): boolean {
  if (!extendedKeyUsage) return true;
  const oids = asked.map((name) => EKU_NAMES[name] ?? name);
  // Critical, and so they bind: what one of the two does not name is not allowed.
  if (applicationPolicies && !applicationPolicies.includes(ANY_APPLICATION)) {
    if (!oids.every((oid) => applicationPolicies.includes(oid))) return false;
  }
  if (extendedKeyUsage.includes(ANY_EKU) && (!target || profile.anyEku)) return true;
  return oids.every((oid) => extendedKeyUsage.includes(oid));
}

/** Whether the target's subjectAltName names this peer (RFC 6125 6.4, RFC 9525). */
export function hasPeerName({ altNames }: Fields, { kind, value }: PeerName): boolean {
  return (altNames ?? []).some((name) => {
    if (kind === 'DNS' && name.kind === 'DNS') return hostMatches(name.text, value);
    if (kind === 'RFC822' && name.kind === 'RFC822') return mailMatches(name.text, value);
    if (kind === 'IP' && name.kind === 'IP') {
      const wanted = readIp(value);
      return wanted?.length === name.bytes.length && wanted.every((b, i) => b === name.bytes[i]);
    }
    return false;
  });
}

/** A wildcard stands for exactly one whole leftmost label. */
function hostMatches(pattern: string, host: string): boolean {
  const [p, h] = [pattern.toLowerCase(), host.toLowerCase().replace(/\.$/, '')];
  if (!p.startsWith('*.')) return p === h;
  const dot = h.indexOf('.');
  return dot > 0 && p.slice(1) === h.slice(dot) && p.slice(2).includes('.');
}

/** Local part as it is, host without case. */
function mailMatches(name: string, wanted: string): boolean {
  const split = (text: string) => {
    const at = text.lastIndexOf('@');
    return [text.slice(0, at), text.slice(at + 1).toLowerCase()];
  };
  const [a, b] = [split(name), split(wanted)];
  return a[0] !== '' && a[0] === b[0] && a[1] === b[1];
}

/** @returns 4 or 16 octets, or null. */
function readIp(text: string): Uint8Array | null {
  const v4 = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text);
  if (v4) {
    const parts = v4.slice(1).map(Number);
    return parts.every((part) => part < 256) ? new Uint8Array(parts) : null;
  }
  const halves = text.split('::');
  if (halves.length > 2) return null;
  const groups = (half: string) => (half === '' ? [] : half.split(':'));
  const head = groups(halves[0] ?? '');
  const tail = groups(halves[1] ?? '');
  const gap = 8 - head.length - tail.length;
  if (halves.length === 1 ? gap !== 0 : gap < 1) return null;
  const all = [...head, ...Array<string>(halves.length === 1 ? 0 : gap).fill('0'), ...tail];
  if (!all.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return null;
  return new Uint8Array(
    all.flatMap((group) => {
      const n = Number.parseInt(group, 16);
      return [n >> 8, n & 0xff];
    }),
  );
}
