/** A draft under the pen: saved on every change, checked after every save. */
import type { Draft, FieldIssue } from '../../../desk/index.ts';
import {
  type Application,
  applicationAsMeant,
  type ComputedTotals,
  computeTotals,
  type Field,
  fieldsOf,
  placesNamedIn,
  withTotals,
} from '../../../licence/index.ts';
import { forgetTyped, keepTyped, keptTyped } from '../../state/typed-journal.ts';
import { desk } from '../../workers/desk-client.ts';
import { type Refusal, refusalOf } from '../../workers/rpc.ts';

type Attached = Draft['attachments'][number];
/** A reason that names one of these speaks of every field in it. */
const GROUPS = new Set(['importer', 'consignee', 'goods', 'contact']);

export class DraftEditor {
  readonly id: string;
  readonly caseId: string | null;
  readonly client: string | null;
  readonly fields: Field[];
  form: Application = $state() as Application;
  flow: Draft['flow'] = $state('electronic');
  attachments = $state.raw<Attached[]>([]);
  savedAt = $state('');
  saving = $state(false);
  issues = $state.raw<FieldIssue[]>([]);
  refusal = $state.raw<Refusal | null>(null);
  /** After an attempt to submit, empty fields are shown as missing where they stand. */
  attempted = $state(false);
  returned = $state.raw<{ reason: string; places: string[] }[]>([]);
  /** As it is meant: the inputs show what is being typed until they are left. */
  readonly meant: Application = $derived(
    applicationAsMeant($state.snapshot(this.form) as Application),
  );
  readonly totals: ComputedTotals = $derived(computeTotals(this.meant));
  #timer: ReturnType<typeof setTimeout> | undefined;
  #work: Promise<void> = Promise.resolve();
  #closed = false;
  /** Changes so far. */
  #typed = 0;

  constructor(draft: Draft) {
    this.id = draft.id;
    this.caseId = draft.caseId;
    this.client = draft.client;
    this.form = draft.data as unknown as Application;
    this.flow = draft.flow;
    this.attachments = draft.attachments;
    this.savedAt = draft.savedAt;
    this.fields = fieldsOf(this.form.type);
    const typed = keptTyped(draft);
    if (typed) {
      this.form = typed.form;
      this.flow = typed.flow;
      this.changed();
    }
    void this.check();
  }

  get blocking(): FieldIssue[] {
    return this.issues.filter(({ severity }) => severity === 'block');
  }

  get warnings(): FieldIssue[] {
    return this.issues.filter(({ severity }) => severity === 'warn');
  }

  /** Call after every change. */
  changed(): void {
    if (this.#closed) return;
    this.saving = true;
    this.#typed++;
    keepTyped(this.id, { form: $state.snapshot(this.form) as Application, flow: this.flow });
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.flush(), 350);
  }

  /** Saves what is there now, one save after the other. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#work = this.#work.then(() => this.#save());
    return this.#work;
  }

  async #save(): Promise<void> {
    if (this.#closed) return;
    const typed = this.#typed;
    try {
      const { savedAt } = await desk.saveDraft(this.draft());
      this.savedAt = savedAt;
      this.refusal = null;
      if (typed === this.#typed) forgetTyped(this.id);
      await this.check();
    } catch (error) {
      if (!this.#closed) this.refusal = refusalOf(error);
    }
    this.saving = typed !== this.#typed && !this.#closed;
  }

  async check(): Promise<void> {
    try {
      this.issues = await desk.checkDraft(this.id);
    } catch (error) {
      if (!this.#closed) this.refusal = refusalOf(error);
    }
  }

  draft(): Draft {
    const form = withTotals(this.meant);
    return {
      id: this.id,
      licenceType: form.type,
      caseId: this.caseId,
      client: this.client,
      flow: this.flow,
      data: form as unknown as Draft['data'],
      attachments: this.attachments,
      savedAt: this.savedAt,
    };
  }

  /** @returns the case */
  async submit(how: 'seal' | 'plain', progress?: (code: string, done: number) => void) {
    await this.flush();
    // From here on the desk has it: going back now must not save the draft once more.
    this.close();
    try {
      const caseId = await desk.submitDraft(this.id, how, progress);
      this.gone();
      return caseId;
    } catch (error) {
      this.reopen();
      throw error;
    }
  }

  /** Nothing is saved any more: the draft is being submitted or deleted. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  /** It was not done after all: what was typed is saved as before. */
  reopen(): void {
    this.#closed = false;
  }

  /** The draft is gone, and with it what was typed. */
  gone(): void {
    this.close();
    forgetTyped(this.id);
  }

  /** Why the application was returned, where the reasons name this place. */
  noteOf(path: string): string | undefined {
    const mine = this.returned.filter(({ places }) =>
      places.some((place) => place === path || (GROUPS.has(place) && path.startsWith(`${place}.`))),
    );
    return mine.length > 0 ? mine.map(({ reason }) => reason).join(' ') : undefined;
  }

  /** @param reasons of the return that this draft corrects */
  returnedFor(reasons: readonly string[]): void {
    this.returned = reasons.map((reason) => ({
      reason,
      places: placesNamedIn(this.form.type, reason),
    }));
  }

  /** First issue of a field, worst first; empty fields are not scolded before an attempt. */
  issueOf(path: string): FieldIssue | undefined {
    const mine = this.issues.filter(
      ({ field, code }) =>
        (field === path || field.startsWith(`${path}[`) || field.startsWith(`${path}.`)) &&
        (this.attempted || (code !== 'required' && code !== 'attachment-missing')),
    );
    return mine.find(({ severity }) => severity === 'block') ?? mine[0];
  }
}
