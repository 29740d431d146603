/**
 * workflow: which steps there are, who may take them, and what they amount to. Every fact is a
 * signed package; the state of every case is the fold of the packages that a device holds.
 */
export * from './fold/index.ts';
export { ALL_GROUPS, groupsOf, ROLE_GROUPS, type RoleGroup } from './records/role-groups.ts';
export {
  type Author,
  checkBody,
  isRecordType,
  type RecordTypeName,
  RIGHTS,
  type Right,
} from './records/types.ts';
