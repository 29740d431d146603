/**
 * Role keys at the desk: what the authority has to read is enveloped to a group's key, which every
 * holder's device opens, hands on to those who come, and replaces when somebody leaves.
 */
export { envelopeAnew } from './envelope-anew.ts';
export { dueRoleKeys, keepRoleKeys, makeRoleKey } from './making.ts';
export { isKeyRecord, privateHalves, RoleKeyRing } from './ring.ts';
export { roleKeyViews, waitsForKeys } from './view.ts';
