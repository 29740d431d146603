/** The page that stood behind the lock, and for whom: unlocking leads back to it. */
interface Waiting {
  path: string;
  /** Null where nobody had signed in before: an address that somebody followed. */
  person: string | null;
}

let waiting: Waiting | null = null;

export function waitBehindLock(path: string, person: string | null): void {
  // The same page again, now that nobody is at the desk, is still the page of whoever was there.
  if (waiting?.path !== path) waiting = { path, person };
}

export function nothingWaits(): void {
  waiting = null;
}

/** @returns the path for whoever unlocked, or null where it was somebody else's page; asked once. */
export function takeReturnPath(person: string): string | null {
  const found = waiting;
  waiting = null;
  return found && (found.person === null || found.person === person) ? found.path : null;
}
