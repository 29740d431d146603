/** The draft being edited: saved on every change, checked after it, its totals always computed. */
import type { Draft, FieldIssue } from '../../../desk/index.ts';
import { type Application, sampleApplication, withTotals } from '../../../licence/index.ts';
import { desk } from '../../workers/desk-client.ts';
import { type Refusal, refusalOf } from '../../workers/rpc.ts';

export class DraftEditor {
  draft = $state.raw<Draft | null>(null);
  application = $state<Application | null>(null);
  attachments = $state.raw<Draft['attachments']>([]);
  flow = $state<Draft['flow']>('electronic');
  issues = $state.raw<FieldIssue[]>([]);
  savedAt = $state('');
  refusal = $state.raw<Refusal | null>(null);
  saving = $state(false);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #work: Promise<void> = Promise.resolve();

  async open(id: string): Promise<void> {
    try {
      const found = (await desk.drafts()).find((each) => each.id === id);
      if (!found) throw Object.assign(new Error('no such draft'), { code: 'unknown-draft' });
      this.draft = found;
      this.application = withTotals(found.data as unknown as Application);
      this.attachments = found.attachments;
      this.flow = found.flow;
      this.savedAt = found.savedAt;
      await this.#check();
    } catch (error) {
      this.refusal = refusalOf(error);
    }
  }

  /** After any change: totals at once, saving shortly after. */
  changed(): void {
    if (this.application) this.application = withTotals($state.snapshot(this.application));
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.save(), 400);
  }

  /** Fills the form with the sample; the enterprise stays who it is. */
  fillSample(): void {
    const { application } = this;
    if (!application) return;
    const { importer, consignee, appliedOn } = $state.snapshot(application);
    const sample = sampleApplication(application.type);
    this.application = { ...sample, importer, consignee, appliedOn };
    if (this.attachments.length === 0) {
      const bytes = new TextEncoder().encode('示例文件 Sample document\n');
      const attachment = (kind: string, name: string) => ({
        kind,
        name,
        type: 'text/plain',
        size: bytes.length,
        bytes,
      });
      this.attachments = [
        attachment('contract', '示例进口合同.txt'),
        attachment('qualification', '示例登记证明.txt'),
      ];
    }
    this.changed();
  }

  /** One save at a time, the last state last. */
  save(): Promise<void> {
    clearTimeout(this.#timer);
    this.#work = this.#work.then(() => this.#save());
    return this.#work;
  }

  async #save(): Promise<void> {
    const { draft, application } = this;
    if (!draft || !application) return;
    this.saving = true;
    try {
      const { savedAt } = await desk.saveDraft({
        ...draft,
        flow: this.flow,
        data: $state.snapshot(application) as unknown as Draft['data'],
        attachments: this.attachments,
      });
      this.savedAt = savedAt;
      this.refusal = null;
      await this.#check();
    } catch (error) {
      this.refusal = refusalOf(error);
    } finally {
      this.saving = false;
    }
  }

  async #check(): Promise<void> {
    if (this.draft) this.issues = await desk.checkDraft(this.draft.id);
  }

  issueOf(field: string): FieldIssue | undefined {
    return this.issues.find((issue) => issue.field === field);
  }

  get blocking(): FieldIssue[] {
    return this.issues.filter(({ severity }) => severity === 'block');
  }
}
