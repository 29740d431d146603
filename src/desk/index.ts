/**
 * desk: what a person does, over the core and one device's storage. It joins keys, workflow and
 * sync into the acts that the pages offer, and runs unchanged in a worker and in Node.
 */
export type * from './api/index.ts';
export { openDesk } from './desk.ts';
export type { DeskOptions } from './desk-options.ts';
export { REFUSALS, type RefusalCode } from './refusals.ts';
