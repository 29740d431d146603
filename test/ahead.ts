/**
 * Moves the clock of the unit tests so many days ahead as DAYS_AHEAD says: that of the tests, and, where
 * faketime is installed, that of openssl and of whatever else they start. `npm test` sets 400, so that a
 * test which holds a day of the calendar against certificates made now fails when it is written, not a
 * year later, and costs no second run; the browser tests keep the day.
 */
import { readdirSync } from 'node:fs';

const DAY = 86_400_000;
const days = Number(process.env['DAYS_AHEAD'] ?? 0);

/** Of any architecture of Debian; absent elsewhere. */
const preload = (): string | undefined =>
  ['/usr/lib', '/usr/local/lib']
    .flatMap((folder) => readFolder(folder).map((name) => `${folder}/${name}/faketime`))
    .find((folder) => readFolder(folder).includes('libfaketime.so.1'));

function readFolder(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}

if (days > 0) {
  const Now = Date;
  const now = () => Now.now() + days * DAY;
  globalThis.Date = new Proxy(Now, {
    construct: (target, given, as) =>
      Reflect.construct(target, given.length === 0 ? [now()] : given, as),
    get: (target, key) => (key === 'now' ? now : Reflect.get(target, key)),
  });
  const folder = preload();
  if (folder) {
    process.env['LD_PRELOAD'] = `${folder}/libfaketime.so.1`;
    process.env['FAKETIME'] = `+${days}d`;
  }
}
