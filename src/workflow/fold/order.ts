/**
 * The order in which packages are judged. Logged ones by their place; the others after their
 * predecessors, ties by claimed time and hash: the same for any order of arrival.
 */
import type { Entry } from './state.ts';

export function inOrder(entries: readonly Entry[]): Entry[] {
  const logged = entries
    .filter(({ place }) => place !== null)
    .sort((a, b) => (a.place as number) - (b.place as number));
  const rest = new Map(
    entries.filter(({ place }) => place === null).map((entry) => [entry.id, entry]),
  );
  const open = new Map<string, number>();
  const followers = new Map<string, Entry[]>();
  for (const entry of rest.values()) {
    const before = entry.pkg.record.prev.filter((id) => rest.has(id));
    open.set(entry.id, before.length);
    for (const id of before) followers.set(id, [...(followers.get(id) ?? []), entry]);
  }
  const ready = [...rest.values()].filter(({ id }) => open.get(id) === 0).sort(byClaim);
  const out = [...logged];
  for (let next = ready.shift(); next; next = ready.shift()) {
    out.push(next);
    for (const follower of followers.get(next.id) ?? []) {
      const left = (open.get(follower.id) as number) - 1;
      open.set(follower.id, left);
      if (left === 0) insert(ready, follower);
    }
  }
  return out;
}

function byClaim(a: Entry, b: Entry): number {
  const [x, y] = [a.pkg.record.at, b.pkg.record.at];
  if (x !== y) return x < y ? -1 : 1;
  return a.id < b.id ? -1 : 1;
}

function insert(sorted: Entry[], entry: Entry): void {
  const at = sorted.findIndex((each) => byClaim(entry, each) < 0);
  sorted.splice(at < 0 ? sorted.length : at, 0, entry);
}
