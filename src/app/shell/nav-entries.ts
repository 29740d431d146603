/** What the navigation offers: tasks of the person at the desk, then what everybody has. */
import type { IconName } from '../components/icons.ts';
import { shell } from '../i18n/shell/index.ts';
import { session } from '../state/session.svelte.ts';

export interface NavEntry {
  href: string;
  label: string;
  icon: IconName;
  count?: number | undefined;
}

/** Reactive: call it inside `$derived`. */
export function taskEntries(): NavEntry[] {
  const { person, overview } = session;
  if (!person) return [];
  const counts = overview?.counts ?? {};
  const entries: NavEntry[] = [];
  const add = (href: string, label: string, icon: IconName, count?: number) =>
    entries.push({ href, label, icon, count });
  const names = shell.workspaceNames;
  for (const workspace of person.workspaces) {
    switch (workspace) {
      case 'enterprise':
        add('/enterprise', shell.enterpriseHome, 'home', counts.enterprise);
        add('/applications', shell.applications, 'form');
        add('/licences', shell.licences, 'licence');
        add('/enterprise/seal', shell.seal, 'seal');
        add('/enterprise/people', shell.partyPeople, 'people', overview?.newPeople.length);
        add('/stamp', shell.stampPdf, 'form');
        break;
      case 'seal-review':
        add('/seal-review', names['seal-review'], 'seal', counts['seal-review']);
        add('/seal-register', shell.sealRegister, 'review');
        break;
      case 'first-review':
        add('/first-review', names['first-review'], 'review', counts['first-review']);
        break;
      case 'second-review':
        add('/second-review', names['second-review'], 'review', counts['second-review']);
        break;
      case 'issue':
        add('/issue', names.issue, 'licence', counts.issue);
        add('/register', shell.register, 'form');
        add('/stamp', shell.stampPdf, 'seal');
        break;
      case 'inspect':
        add('/inspect', names.inspect, 'scan');
        break;
      case 'root':
        if (person.roles.includes('root')) add('/root', names.root, 'trust');
        add('/authority', shell.certificates, 'licence', counts.root);
        add('/roster', shell.roster, 'people');
        break;
    }
  }
  return entries;
}

export function publicEntries(): NavEntry[] {
  return [
    { href: '/', label: shell.start, icon: 'home' },
    { href: '/verify', label: shell.verify, icon: 'review' },
    { href: '/scan', label: shell.scan, icon: 'scan' },
  ];
}

export function commonEntries(): NavEntry[] {
  if (!session.deployment) return [];
  return [
    {
      href: '/exchange',
      label: shell.exchange,
      icon: 'sync',
      count: session.overview?.sync.waiting,
    },
    { href: '/people', label: shell.people, icon: 'people' },
    { href: '/trust', label: shell.trust, icon: 'trust' },
    { href: '/settings', label: shell.settings, icon: 'settings' },
  ];
}
