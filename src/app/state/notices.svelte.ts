/** Short messages that are read out and go by themselves; some can be undone for ten seconds. */
export interface Notice {
  id: number;
  text: string;
  undo: (() => void) | null;
}

class Notices {
  list = $state.raw<Notice[]>([]);
  #next = 1;

  say(text: string, undo: (() => void) | null = null): void {
    const notice = { id: this.#next++, text, undo };
    this.list = [...this.list.slice(-2), notice];
    setTimeout(() => this.dismiss(notice.id), undo ? 10_000 : 6_000);
  }

  dismiss(id: number): void {
    this.list = this.list.filter((notice) => notice.id !== id);
  }
}

export const notices = new Notices();
