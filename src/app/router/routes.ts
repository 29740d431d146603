/** Every page: its address, the workspace it belongs to, and the chunk that holds it. */
import type { Workspace } from '../../desk/index.ts';

export interface Route {
  path: string;
  workspace: 'start' | Workspace;
  /** The page shows what the desk holds: it needs somebody who is unlocked. */
  person: boolean;
  /** Its default export is a page: it may take `{ params }`. */
  load: () => Promise<{ default: unknown }>;
}

const open = (path: string, load: Route['load']): Route => ({
  path,
  workspace: 'start',
  person: false,
  load,
});

/** A page for whoever sits here, in whatever workspace. */
const seated = (path: string, load: Route['load']): Route => ({
  path,
  workspace: 'start',
  person: true,
  load,
});

/** A page of a workspace: it is shown to those who work there. */
const desk = (path: string, workspace: Workspace, load: Route['load']): Route => ({
  path,
  workspace,
  person: true,
  load,
});

const sealQueue = () => import('../pages/seal-review/SealQueue.svelte');
const review = () => import('../pages/review/ReviewPage.svelte');

export const ROUTES: readonly Route[] = [
  open('/', () => import('../pages/start/StartPage.svelte')),
  open('/verify', () => import('../pages/verify/VerifyPage.svelte')),
  open('/scan', () => import('../pages/scan/ScanPage.svelte')),
  open('/scan/texture', () => import('../pages/scan/TexturePage.svelte')),
  open('/v/:rest*', () => import('../pages/scan/TokenPage.svelte')),
  open('/try', () => import('../pages/setup/TryPage.svelte')),
  open('/found', () => import('../pages/setup/FoundPage.svelte')),
  open('/join', () => import('../pages/setup/JoinPage.svelte')),
  open('/join/:rest*', () => import('../pages/setup/JoinPage.svelte')),
  open('/staff', () => import('../pages/setup/StaffPage.svelte')),
  open('/people', () => import('../pages/people/PeoplePage.svelte')),
  open('/settings', () => import('../pages/people/SettingsPage.svelte')),
  open('/exchange', () => import('../pages/exchange/ExchangePage.svelte')),
  open('/trust', () => import('../pages/root/TrustPage.svelte')),
  desk('/enterprise', 'enterprise', () => import('../pages/enterprise/HomePage.svelte')),
  desk(
    '/enterprise/register',
    'enterprise',
    () => import('../pages/enterprise/RegisterPage.svelte'),
  ),
  desk('/enterprise/data', 'enterprise', () => import('../pages/setup/UpdatePage.svelte')),
  desk('/enterprise/people', 'enterprise', () => import('../pages/party/PeoplePage.svelte')),
  desk('/enterprise/seal', 'enterprise', () => import('../pages/enterprise/SealPage.svelte')),
  desk('/applications', 'enterprise', () => import('../pages/applications/ListPage.svelte')),
  desk(
    '/applications/edit/:id',
    'enterprise',
    () => import('../pages/applications/EditPage.svelte'),
  ),
  desk('/applications/:id', 'enterprise', () => import('../pages/applications/DetailPage.svelte')),
  seated('/stamp', () => import('../pages/stamp/StampPage.svelte')),
  desk('/licences', 'enterprise', () => import('../pages/licences/ListPage.svelte')),
  desk('/licences/:id', 'enterprise', () => import('../pages/licences/DetailPage.svelte')),
  desk('/seal-review', 'seal-review', sealQueue),
  desk('/seal-review/:id', 'seal-review', sealQueue),
  desk('/seal-register', 'seal-review', () => import('../pages/seal-review/RegisterPage.svelte')),
  desk('/first-review', 'first-review', review),
  desk('/first-review/:id', 'first-review', review),
  desk('/second-review', 'second-review', () => import('../pages/review/SecondReviewPage.svelte')),
  desk('/second-review/:id', 'second-review', review),
  desk('/issue', 'issue', () => import('../pages/issue/IssuePage.svelte')),
  desk('/register', 'issue', () => import('../pages/issue/RegisterPage.svelte')),
  desk('/register/:id', 'issue', () => import('../pages/issue/LicencePage.svelte')),
  desk('/inspect', 'inspect', () => import('../pages/inspect/InspectPage.svelte')),
  desk('/root', 'root', () => import('../pages/root/TrustPage.svelte')),
  desk('/authority', 'root', () => import('../pages/authority/AuthorityPage.svelte')),
  desk('/roster', 'root', () => import('../pages/authority/RosterPage.svelte')),
];

export const NOT_FOUND: Route = open('*', () => import('../pages/start/NotFound.svelte'));

/** First page of a workspace. */
export const HOME: Record<Workspace, string> = {
  enterprise: '/enterprise',
  'seal-review': '/seal-review',
  'first-review': '/first-review',
  'second-review': '/second-review',
  issue: '/issue',
  inspect: '/inspect',
  root: '/root',
};
