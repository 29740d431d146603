/** Groups of readers at the authority, each with an encryption key pair of its own (design, section 4). */
import type { Role } from '../../pki/index.ts';

export const ROLE_GROUPS = {
  'registration-and-seals': ['registrar', 'seal-reviewer', 'seal-maker'],
  'review-and-issuing': ['first-review', 'second-review', 'issuer'],
  inspection: ['inspector'],
} as const satisfies Record<string, readonly Role[]>;

export type RoleGroup = keyof typeof ROLE_GROUPS;

export const ALL_GROUPS = Object.keys(ROLE_GROUPS) as RoleGroup[];

/** The groups that read what somebody with these roles has to read. */
export const groupsOf = (roles: readonly Role[]): RoleGroup[] =>
  ALL_GROUPS.filter((group) => ROLE_GROUPS[group].some((role) => roles.includes(role)));
