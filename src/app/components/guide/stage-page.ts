/** Where each step of a pilot is done, and how its person gets there. */
import type { Draft, PilotStage, PilotStep } from '../../../desk/index.ts';
import type { Application } from '../../../licence/index.ts';
import { router } from '../../router/router.svelte.ts';
import { session } from '../../state/session.svelte.ts';
import { desk } from '../../workers/desk-client.ts';
import { type GuideActName, guide } from './guide.svelte.ts';

/** Acts that belong to a step; `issue` and `correct` need more than one. */
export const ACTS: Record<PilotStep, readonly GuideActName[]> = {
  'apply-seal': ['apply-seal'],
  'send-letter': ['send-letter', 'sample-scan'],
  'review-seal': ['approve'],
  'make-seal': ['produce'],
  apply: ['submit'],
  correct: ['submit'],
  'first-review': ['first-review'],
  'second-review': ['second-review'],
  issue: [],
  verify: ['verify'],
};

const EDITOR = '/applications/edit/';

function pageOf({ step, caseId }: PilotStage): string {
  switch (step) {
    case 'apply-seal':
    case 'send-letter':
      return '/enterprise/seal';
    case 'review-seal':
    case 'make-seal':
      return `/seal-review/${caseId}`;
    case 'apply':
      return EDITOR;
    case 'correct':
      return `/applications/${caseId}`;
    case 'first-review':
    case 'second-review':
      return `/${step}/${caseId}`;
    case 'issue':
      return '/issue';
    case 'verify':
      return `/licences/${caseId}`;
  }
}

/** The page of the step is shown. */
export function isAt(stage: PilotStage, path: string): boolean {
  const editing = path.startsWith(EDITOR);
  return (
    path === pageOf(stage) || (editing && (stage.step === 'apply' || stage.step === 'correct'))
  );
}

/**
 * The person of the step takes the desk and its page is opened, with sample data where it asks for
 * some. @throws refusals: a key that does not open with the device
 */
export async function openStage(stage: PilotStage): Promise<void> {
  guide.moving = true;
  try {
    if (session.person?.id !== stage.person || !session.unlocked) await desk.sitDown(stage.person);
    if (stage.step === 'send-letter') guide.fill();
    const page = stage.step === 'apply' ? `${EDITOR}${await sampleDraft()}` : pageOf(stage);
    await session.load();
    if (location.hash === `#${page}`) scrollTo(0, 0);
    await router.arrive(page);
  } finally {
    guide.moving = false;
  }
}

/** The newest draft, or a new one with the sample filled in: what somebody wrote is left as it is. */
async function sampleDraft(): Promise<string> {
  const [kept] = (await desk.drafts()).sort((a, b) => (a.savedAt < b.savedAt ? 1 : -1));
  if (kept) return kept.id;
  const [{ filledSample }, draft] = await Promise.all([
    import('../../pages/applications/sample.ts'),
    desk.newDraft('auto-import'),
  ]);
  const { form, attachments } = filledSample(draft.data as unknown as Application);
  await desk.saveDraft({ ...draft, data: form as unknown as Draft['data'], attachments });
  return draft.id;
}
