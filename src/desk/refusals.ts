/** Every refusal of the desk, as a closed list: the app's dictionaries have words for each. */
import { Malformed } from '../crypto/index.ts';
import { KeyRefused } from '../keys/index.ts';
import { MissingGlyph } from '../seal/index.ts';
import { ExchangeRefusal, StoreRefusal } from '../sync/index.ts';
import type { DeskRefusal } from './api/index.ts';

export const REFUSALS = [
  'no-deployment',
  'deployment-exists',
  'bundle-unreadable',
  'bundle-refused',
  'nobody-here',
  'unknown-person',
  'person-exists',
  'locked',
  'no-certificate',
  'not-permitted',
  'authority-locked',
  'unknown-certificate',
  'root-announced',
  'no-next-root',
  'backup-unusable',
  'recovery-unusable',
  'certificates-refused',
  'certificates-unknown',
  'unknown-case',
  'unknown-draft',
  'unknown-licence',
  'licence-unread',
  'contents-unread',
  'issuer-elsewhere',
  'already-registered',
  'not-registered',
  'mandate-empty',
  'mandate-until',
  'mandate-none',
  'registration-waiting',
  'uscc-shape',
  'uscc-check-digit',
  'text-emoji',
  'text-character',
  'name-empty',
  'seal-exists',
  'glyph-missing',
  'seal-not-bound',
  'seal-compulsory',
  'draft-incomplete',
  'csr-refused',
  'csr-suite',
  'scan-type',
  'scan-too-large',
  'attachment-too-large',
  'attachments-too-many',
  'scans-too-many',
  'reasons-needed',
  'numbers-spent',
  'no-authority-seal',
  'report-missing',
  'report-failed',
  'serial-empty',
  'certificate-key-mismatch',
  'endpoint-address',
  'package-unreadable',
  'record-refused',
  'storage-quota',
  'storage-unavailable',
  'endpoint-offline',
  'endpoint-refused',
  'endpoint-busy',
  'endpoint-full',
  'endpoint-too-large',
  'endpoint-wrong-key',
  'endpoint-rollback',
  'endpoint-split-view',
  'endpoint-bad-answer',
  'key-wrong-secret',
  'key-mistyped-code',
  'key-weak-password',
  'key-damaged',
  'key-last-way',
  'key-unsupported',
  'key-refused',
  'key-in-use',
  'key-file-password',
  'key-file-pairing',
  'key-file-usage',
  'key-file-no-key',
  'key-file-no-certificate',
  'key-file-enveloped',
  'key-file-costly',
  'key-file-unreadable',
  'key-copy-unopenable',
  'lost-report-unusable',
  'key-copy-deployment',
  'cancelled',
  'ukey-unreachable',
  'ukey-removed',
  'ukey-pin',
  'ukey-pin-locked',
  'ukey-protocol',
  'ukey-unknown',
  'time-stamp-required',
  'time-stamp-authority',
  'pdf-encrypted',
  'pdf-recipients',
  'pdf-owner',
  'seam-pages',
  'seam-after-signature',
  'field-taken',
  'field-size',
  'field-seed',
  'field-locked',
  'certified-closed',
  'certified-field',
  'seal-holder',
  'seal-time',
  'pdf-page',
  'page-unit',
  'pdf-unreadable',
  'pfx-refused',
  'malformed',
  'unexpected',
] as const;

export type RefusalCode = (typeof REFUSALS)[number];

export class DeskError extends Error implements DeskRefusal {
  readonly code: RefusalCode;
  readonly params: Record<string, string | number>;

  constructor(
    code: RefusalCode,
    message: string,
    params: Record<string, string | number> = {},
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'DeskError';
    this.code = code;
    this.params = params;
  }
}

const KEY_CODES: Partial<Record<KeyRefused['code'], RefusalCode>> = {
  locked: 'locked',
  'wrong-secret': 'key-wrong-secret',
  'mistyped-code': 'key-mistyped-code',
  'weak-password': 'key-weak-password',
  'unsupported-alg': 'key-unsupported',
  damaged: 'key-damaged',
  'last-wrapper': 'key-last-way',
  'key-in-use': 'key-in-use',
  'key-mismatch': 'certificate-key-mismatch',
  'ukey-unreachable': 'ukey-unreachable',
  'ukey-removed': 'ukey-removed',
  'ukey-pin': 'ukey-pin',
  'ukey-pin-locked': 'ukey-pin-locked',
  'ukey-protocol': 'ukey-protocol',
};

/** Whatever went wrong below, in the desk's own words. */
export function asRefusal(error: unknown): DeskError {
  if (error instanceof DeskError) return error;
  const cause = { cause: error };
  if (error instanceof MissingGlyph) {
    const detail = error.characters.join(' ');
    return new DeskError('glyph-missing', error.message, { detail }, cause);
  }
  if (error instanceof StoreRefusal) {
    return new DeskError(`storage-${error.code}`, error.message, {}, cause);
  }
  if (error instanceof ExchangeRefusal) {
    return new DeskError(`endpoint-${error.code}`, error.message, { detail: error.message }, cause);
  }
  if (error instanceof KeyRefused) {
    const code = KEY_CODES[error.code] ?? 'key-refused';
    return new DeskError(code, error.message, { detail: error.code }, cause);
  }
  if (error instanceof Malformed) {
    if (error.code === 'glyph-missing') {
      const detail = error.message.replace(/^no glyph for /, '');
      return new DeskError('glyph-missing', error.message, { detail }, cause);
    }
    if ((REFUSALS as readonly string[]).includes(error.code)) {
      return new DeskError(error.code as RefusalCode, error.message, {}, cause);
    }
    if (error.code === 'password-needed') {
      return new DeskError('pdf-encrypted', error.message, {}, cause);
    }
    if (error.code.startsWith('pdf-')) {
      return new DeskError('pdf-unreadable', error.message, { detail: error.code }, cause);
    }
    return new DeskError('malformed', error.message, { detail: error.code }, cause);
  }
  const message = error instanceof Error ? error.message : String(error);
  return new DeskError('unexpected', message, { detail: message }, cause);
}
