/** The door for whoever needs the table of record types and no rule: the storage endpoint. */
export { isRecordType } from './records/types.ts';
