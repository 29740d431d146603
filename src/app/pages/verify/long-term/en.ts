import type { LongTermMessages } from './zh.ts';

const en: LongTermMessages = {
  until: {
    chain: (date) =>
      `What is at hand serves until ${date}, when a certificate of the chain expires.`,
    'time-stamp': (date) =>
      `What is at hand serves until ${date}, when the certificate of the last time-stamp authority expires.`,
  },
  over: {
    chain: (date) => `A certificate of the chain expired on ${date}.`,
    'time-stamp': (date) => `The certificate of the last time-stamp authority expired on ${date}.`,
  },
  nothing:
    'Time and signer are not proven under the trust of this device, so nothing can be said for later.',
  chain: 'Certificate chain',
  validity: (from, to) => `Valid ${from} to ${to}`,
  anchor: 'Trusted root; its revocation is not asked',
  end: 'The chain ends here, short of any authority that this device trusts; nothing can be said about revocation either',
  unknown: 'Nothing at hand about revocation',
  status: { good: 'Not revoked', revoked: 'Revoked' },
  evidence: (kind, source, date) => `${kind}, ${source}, issued ${date}`,
  kinds: { crl: 'Revocation list', ocsp: 'OCSP response' },
  sources: {
    signature: 'carried by the signature',
    document: 'stored in the file (DSS)',
    list: 'from the trust data of this device',
  },
  age: (days) => (days < 1 ? 'less than a day ago' : days === 1 ? '1 day ago' : `${days} days ago`),
  overdue: (date) => `an update was due by ${date}`,
  stamps: 'Time stamps',
  stamp: (time, who) => `${time} · ${who}`,
  stampUntil: (date) => `authority’s certificate until ${date}`,
  untrusted: 'not trusted here',
  noStamps: 'No time stamp: the time of sealing is the signer’s own word.',
  next: 'Missing for the next level',
  missing: {
    CMS: 'The signing certificate is not signed in as PAdES demands; B-B takes a new signature.',
    'B-B': 'A time stamp (B-T): without one, nothing can be verified once the certificate expires.',
    'B-T': 'Revocation data (B-LT), to be stored while the certificates are valid.',
    'B-LT': 'A document time stamp over all of it (B-LTA): without one it cannot be renewed.',
    'B-LTA': 'Nothing. Another document time stamp before that day keeps it verifiable.',
  },
};

export default en;
