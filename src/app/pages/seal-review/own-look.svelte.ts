/** The scan as received, read again on the reviewer's own device: what was sent along is a claim. */
import type { SealCase } from '../../../desk/index.ts';
import { type ReadLetter, readLetter } from '../../workers/read-letter.ts';

export class OwnLook {
  value = $state.raw<ReadLetter | null>(null);
  /** The browser cannot read the picture. */
  failed = $state(false);
  #seen = '';

  constructor(found: () => SealCase | null) {
    $effect(() => {
      let current = true;
      void this.#look(found(), () => current);
      return () => {
        current = false;
      };
    });
  }

  async #look(found: SealCase | null, current: () => boolean): Promise<void> {
    const { scan, sealForm, caseId } = found ?? {};
    const digest = scan && (await crypto.subtle.digest('SHA-256', scan.bytes as BufferSource));
    if (!current()) return;
    // The queue is loaded again after every change of the desk; the scan is the same then.
    const key = digest ? `${caseId} ${sealForm?.kind} ${new Uint8Array(digest).join()}` : '';
    if (key === this.#seen) return;
    this.#seen = '';
    this.value = null;
    this.failed = false;
    if (!scan) return;
    try {
      const picture = new Blob([scan.bytes as BlobPart], { type: scan.type });
      const read = await readLetter(picture, null, sealForm?.kind ?? 'round');
      if (!current()) return;
      this.value = read;
    } catch {
      if (!current()) return;
      this.failed = true;
    }
    this.#seen = key;
  }
}
