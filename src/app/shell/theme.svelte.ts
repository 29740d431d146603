/** Light, dark, or as the system says; remembered. */
export type Theme = 'system' | 'light' | 'dark';

const KEY = 'cinnabar.theme';

function kept(): Theme {
  try {
    const value = localStorage.getItem(KEY);
    return value === 'light' || value === 'dark' ? value : 'system';
  } catch {
    return 'system';
  }
}

class ThemeChoice {
  value = $state<Theme>(kept());

  constructor() {
    this.#apply();
  }

  next(): void {
    const order: Theme[] = ['system', 'light', 'dark'];
    this.value = order[(order.indexOf(this.value) + 1) % order.length] as Theme;
    this.#apply();
    try {
      localStorage.setItem(KEY, this.value);
    } catch {
      // Not remembered.
    }
  }

  #apply(): void {
    const root = document.documentElement;
    if (this.value === 'system') delete root.dataset['theme'];
    else root.dataset['theme'] = this.value;
  }
}

export const theme = new ThemeChoice();
