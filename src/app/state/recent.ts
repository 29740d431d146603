/** The last checks on this device: name, verdict and time, never content. */
export interface RecentCheck {
  name: string;
  situation: string;
  tone: 'ok' | 'warn' | 'bad' | 'unknown';
  at: string;
}

const KEY = 'cinnabar.recent';

export function recentChecks(): RecentCheck[] {
  try {
    const list: unknown = JSON.parse(localStorage.getItem(KEY) ?? '[]');
    return Array.isArray(list) ? (list as RecentCheck[]).slice(0, 8) : [];
  } catch {
    return [];
  }
}

export function rememberCheck(check: RecentCheck): void {
  try {
    const rest = recentChecks().filter(({ name }) => name !== check.name);
    localStorage.setItem(KEY, JSON.stringify([check, ...rest].slice(0, 8)));
  } catch {
    // Not remembered.
  }
}

export function forgetChecks(): void {
  try {
    localStorage.removeItem(KEY);
  } catch {
    // Nothing was kept.
  }
}
