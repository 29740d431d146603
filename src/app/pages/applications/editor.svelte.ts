/** A draft under the pen: saved on every change, checked after every save. */
import type { Draft, FieldIssue } from '../../../desk/index.ts';
import {
  type Application,
  type ComputedTotals,
  computeTotals,
  type Field,
  fieldsOf,
  withTotals,
} from '../../../licence/index.ts';
import { desk } from '../../workers/desk-client.ts';
import { type Refusal, refusalOf } from '../../workers/rpc.ts';

type Attached = Draft['attachments'][number];

export class DraftEditor {
  readonly id: string;
  readonly caseId: string | null;
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
  readonly totals: ComputedTotals = $derived(computeTotals(this.form));
  #timer: ReturnType<typeof setTimeout> | undefined;
  #work: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(draft: Draft) {
    this.id = draft.id;
    this.caseId = draft.caseId;
    this.form = draft.data as unknown as Application;
    this.flow = draft.flow;
    this.attachments = draft.attachments;
    this.savedAt = draft.savedAt;
    this.fields = fieldsOf(this.form.type);
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
    this.saving = true;
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
    try {
      const { savedAt } = await desk.saveDraft(this.draft());
      this.savedAt = savedAt;
      this.refusal = null;
      await this.check();
    } catch (error) {
      this.refusal = refusalOf(error);
    }
    this.saving = false;
  }

  async check(): Promise<void> {
    try {
      this.issues = await desk.checkDraft(this.id);
    } catch (error) {
      if (!this.#closed) this.refusal = refusalOf(error);
    }
  }

  draft(): Draft {
    const form = withTotals($state.snapshot(this.form) as Application);
    return {
      id: this.id,
      licenceType: form.type,
      caseId: this.caseId,
      flow: this.flow,
      data: form as unknown as Draft['data'],
      attachments: this.attachments,
      savedAt: this.savedAt,
    };
  }

  /** @returns the case */
  async submit(how: 'seal' | 'plain', progress?: (code: string, done: number) => void) {
    await this.flush();
    const caseId = await desk.submitDraft(this.id, how, progress);
    this.close();
    return caseId;
  }

  /** Nothing is saved any more: the draft was submitted or deleted. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
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
