/** Files on their way to the verify page, wherever they were dropped. */
class Inbox {
  files = $state.raw<File[]>([]);
  /** Files that a workspace handed over: their seals stay under the fog that the policy asks for. */
  readonly #shielded = new WeakSet<File>();

  put(files: File[], shielded = false): void {
    if (shielded) for (const file of files) this.#shielded.add(file);
    this.files = files;
  }

  isShielded(file: File): boolean {
    return this.#shielded.has(file);
  }

  take(): File[] {
    const { files } = this;
    this.files = [];
    return files;
  }
}

export const inbox = new Inbox();
