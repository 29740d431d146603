/** Where somebody of a workspace sees a case. */
import type { Workspace } from '../../../desk/index.ts';

/** @returns null where none of his pages shows it */
export function pathOfCase(
  { type, caseId }: { type: string; caseId: string },
  workspaces: readonly Workspace[],
): string | null {
  const works = (workspace: Workspace) => workspaces.includes(workspace);
  if (type.startsWith('application/')) {
    if (works('enterprise')) return `/applications/${caseId}`;
    if (works('first-review')) return `/first-review/${caseId}`;
    if (works('second-review')) return `/second-review/${caseId}`;
  }
  if (type.startsWith('seal/') || type.startsWith('enterprise/')) {
    if (works('seal-review')) return `/seal-review/${caseId}`;
    if (works('enterprise')) return type.startsWith('seal/') ? '/enterprise/seal' : '/enterprise';
  }
  if (type.startsWith('licence/')) {
    if (works('issue')) return '/register';
    if (works('inspect')) return '/inspect';
    if (works('enterprise')) return '/licences';
  }
  return null;
}
