/** The door for whoever needs the table of record types and no rule: the storage endpoint. */
export { groupsOf, type RoleGroup } from './records/role-groups.ts';
export { isRecordType } from './records/types.ts';
