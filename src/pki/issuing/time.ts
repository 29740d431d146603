import { type Bytes, derWrite, Malformed, TAG, utf8 } from '../../crypto/index.ts';

/**
 * Time of RFC 5280 4.1.2.5: UTCTime through 2049, GeneralizedTime from then on, whole seconds.
 * @param time ISO 8601
 * @throws {Malformed} `issue-time`
 */
export function writeTime(time: string): Bytes {
  const date = new Date(time);
  const year = Number.isNaN(date.getTime()) ? 0 : date.getUTCFullYear();
  if (year < 1950 || year > 9999) throw new Malformed('issue-time', 'no usable time');
  if (year >= 2050) return derWrite.generalizedTime(date);
  return derWrite.tlv(
    TAG.UTC_TIME,
    utf8(`${date.toISOString().slice(2, 19).replace(/[-:T]/g, '')}Z`),
  );
}
