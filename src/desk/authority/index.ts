/** The acts of the certification authority, at one desk. */
import type { AuthorityActs } from '../api/index.ts';
import { publishStatusLists } from '../automatic.ts';
import type { DeskContext } from '../context.ts';
import { openAuthority, resetAuthority } from '../crls.ts';
import { copyAuthority } from '../key-copies.ts';
import { readLostReport } from '../lost-keys.ts';
import { makeRecoveryKey, recoverRoleKeys } from '../role-keys/recovery.ts';
import { createStaff, installCertificates, requestFile } from '../staff-keys.ts';
import { issueStaff, renewCertificate } from './issuing-staff.ts';
import { publishCrls, revokeCertificate } from './revoking.ts';
import { announceRoot, produceAuthoritySeals, rotateRoot, takeRootOffline } from './root.ts';
import { setRoles } from './roster.ts';
import { authorityView, certificateFile, crlFile, signedSteps } from './view.ts';

export function authorityActs(context: DeskContext): AuthorityActs {
  return {
    authority: () => authorityView(context),
    openAuthority: (password) => openAuthority(context, password),
    readLostReport: (file) => readLostReport(context, file),
    copyAuthority: (opening, password) => copyAuthority(context, opening, password),
    resetAuthority: (codes, password) => resetAuthority(context, codes, password),
    issueStaff: (request) => issueStaff(context, request),
    renewCertificate: (id) => renewCertificate(context, id),
    revokeCertificate: (id, reason, from) => revokeCertificate(context, id, reason, from),
    publishCrl: () => publishCrls(context),
    publishStatusLists: () => publishStatusLists(context),
    crlFile: (authority) => crlFile(context, authority),
    certificateFile: (id) => certificateFile(context, id),
    signedSteps: (id) => signedSteps(context, id),
    setRoles: (id, roles) => setRoles(context, id, roles),
    announceRoot: (password) => announceRoot(context, password),
    rotateRoot: (password) => rotateRoot(context, password),
    takeRootOffline: (file, password) => takeRootOffline(context, file, password),
    produceAuthoritySeals: () => produceAuthoritySeals(context),
    makeRecoveryKey: () => makeRecoveryKey(context),
    recoverRoleKeys: (file) => recoverRoleKeys(context, file),
    createStaff: (options) => createStaff(context, options),
    requestFile: () => requestFile(context),
    installCertificates: (file) => installCertificates(context, file),
  };
}
