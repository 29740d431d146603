/** Name constraints (RFC 5280 4.2.1.10, 6.1.3 b and c) for every name form. */
import { Malformed } from '../crypto/index.ts';
import type { Budget } from './budget.ts';
import type { NameConstraints } from './extensions.ts';
import type { Fields } from './fields.ts';
import type { GeneralName } from './general-name.ts';
import { isWithin } from './name-match.ts';

const EMAIL_ATTRIBUTE = '1.2.840.113549.1.9.1';
const LABEL = /^[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?$/i;

/** A DNS name of non-empty labels; `underscores` for what is seen, not allowed, in host names. */
export function isDnsName(text: string, underscores = true): boolean {
  const labels = text.split('.');
  return (
    text.length <= 253 &&
    labels.every((l) => l.length <= 63 && LABEL.test(l) && (underscores || !l.includes('_')))
  );
}

/** Refuses constraints that do not say what they mean. @throws {Malformed} `x509-name-constraint` */
export function checkConstraintForms(constraints: NameConstraints): void {
  for (const base of [...constraints.permitted, ...constraints.excluded]) {
    if (!wellFormed(base)) throw new Malformed('x509-name-constraint', `${base.kind} constraint`);
  }
}

function wellFormed(base: GeneralName): boolean {
  switch (base.kind) {
    case 'DNS':
      return base.text === '' || isDnsName(base.text);
    case 'URI':
      return isDnsName(base.text.replace(/^\./, ''));
    case 'RFC822': {
      const at = base.text.lastIndexOf('@');
      if (at < 0) return isDnsName(base.text.replace(/^\./, ''));
      return isLocalPart(base.text.slice(0, at)) && isDnsName(base.text.slice(at + 1));
    }
    case 'IP': {
      const half = base.bytes.length / 2;
      return (half === 4 || half === 16) && isMask(base.bytes.subarray(half));
    }
    default:
      return true;
  }
}

/** Ones, then zeros (CIDR). */
function isMask(mask: Uint8Array): boolean {
  const bits = [...mask].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return /^1*0*$/.test(bits);
}

/** RFC 5321 dot-string; quoted local parts are not supported and never match. */
const isLocalPart = (text: string) => /^[a-z0-9!#$%&'*+/=?^_`{|}~.-]+$/i.test(text);

/** Names of a certificate that constraints speak about. */
export function constrainedNames({ certificate, altNames }: Fields): GeneralName[] {
  const names: GeneralName[] = [];
  const { subject } = certificate;
  if (subject.rdns.length > 0) names.push({ kind: 'directory', name: subject });
  for (const rdn of subject.rdns) {
    for (const { oid, text } of rdn) {
      if (oid === EMAIL_ATTRIBUTE) names.push({ kind: 'RFC822', text });
    }
  }
  if (altNames) names.push(...altNames);
  return names;
}

/** Whether every name satisfies every constraint: no excluded one, a permitted one where any is of its form. */
export function satisfies(
  names: readonly GeneralName[],
  constraints: readonly NameConstraints[],
  budget: Budget,
): boolean {
  for (const { permitted, excluded } of constraints) {
    budget.spend('comparisons', pairs(names, permitted) + pairs(names, excluded));
    budget.checkTime();
    for (const name of names) {
      if (excluded.some((base) => base.kind === name.kind && overlaps(name, base))) return false;
      const bases = permitted.filter((base) => base.kind === name.kind);
      if (bases.length > 0 && !bases.some((base) => within(name, base))) return false;
    }
  }
  return true;
}

/** How many comparisons: only names of one form are compared. */
function pairs(names: readonly GeneralName[], bases: readonly GeneralName[]): number {
  const count = new Map<string, number>();
  for (const { kind } of bases) count.set(kind, (count.get(kind) ?? 0) + 1);
  return names.reduce((sum, { kind }) => sum + (count.get(kind) ?? 0), 0);
}

/** Excluded: a name form that cannot be compared, or a broken name, counts as hit. */
function overlaps(name: GeneralName, base: GeneralName): boolean {
  if (name.kind === 'DNS' && base.kind === 'DNS') {
    const host = dnsHost(name.text);
    if (host === null) return true;
    // A wildcard stands for every host one level below, also for the excluded one.
    const below = name.text.startsWith('*.') && isBelow(base.text, host);
    return isBelow(host, base.text) || below;
  }
  const answer = matches(name, base);
  return answer === null || answer;
}

/** Permitted: a name form that cannot be compared, or a broken name, counts as miss. */
function within(name: GeneralName, base: GeneralName): boolean {
  return matches(name, base) ?? false;
}

/** null: cannot be said. */
function matches(name: GeneralName, base: GeneralName): boolean | null {
  if (name.kind === 'directory' && base.kind === 'directory') return isWithin(name.name, base.name);
  if (name.kind === 'DNS' && base.kind === 'DNS') {
    const host = dnsHost(name.text);
    return host === null ? null : isBelow(host, base.text);
  }
  if (name.kind === 'RFC822' && base.kind === 'RFC822') return mailMatches(name.text, base.text);
  if (name.kind === 'URI' && base.kind === 'URI') return uriMatches(name.text, base.text);
  if (name.kind === 'IP' && base.kind === 'IP') return ipMatches(name.bytes, base.bytes);
  return null;
}

/** The host part, lower-case, wildcard label cut; null for what is no DNS name. */
function dnsHost(text: string): string | null {
  const host = text.startsWith('*.') ? text.slice(2) : text;
  return isDnsName(host) ? host : null;
}

/** `host` is `base` or has labels before it; the empty base holds all. */
function isBelow(host: string, base: string): boolean {
  const [h, b] = [host.toLowerCase(), base.toLowerCase()];
  return b === '' || h === b || h.endsWith(`.${b}`);
}

function mailMatches(mailbox: string, base: string): boolean | null {
  const at = mailbox.lastIndexOf('@');
  const host = mailbox.slice(at + 1).toLowerCase();
  if (at < 1 || !isLocalPart(mailbox.slice(0, at)) || !isDnsName(host)) return null;
  const wanted = base.lastIndexOf('@');
  if (wanted >= 0) {
    const sameHost = host === base.slice(wanted + 1).toLowerCase();
    return sameHost && mailbox.slice(0, at) === base.slice(0, wanted);
  }
  return hostMatches(host, base);
}

/** URI and mail: a bare host is that host, a leading dot is any host below. */
function hostMatches(host: string, base: string): boolean {
  const wanted = base.toLowerCase();
  return wanted.startsWith('.') ? host.endsWith(wanted) && host !== wanted : host === wanted;
}

function uriMatches(uri: string, base: string): boolean | null {
  const authority = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)/i.exec(uri)?.[1];
  if (authority === undefined) return null;
  const host = authority
    .slice(authority.lastIndexOf('@') + 1)
    .replace(/:\d*$/, '')
    .toLowerCase();
  if (!isDnsName(host) || /^[\d.]+$/.test(host)) return null;
  return hostMatches(host, base);
}

function ipMatches(address: Uint8Array, base: Uint8Array): boolean | null {
  if (2 * address.length !== base.length) return false;
  const half = address.length;
  return address.every((byte, i) => {
    const mask = base[half + i] as number;
    return (byte & mask) === ((base[i] as number) & mask);
  });
}
