/**
 * What waited so long that the role key which it is enveloped to has ended: opened, enveloped to the
 * present one and signed again, together with what was built on it.
 */
import type { EnvelopeRecipient } from '../../crypto/index.ts';
import { ENVELOPED, type Package, readPackage, writePackage } from '../../packages/index.ts';
import { certificateId } from '../../pki/index.ts';
import type { StoredPackage } from '../../sync/index.ts';
import type { DeskContext } from '../context.ts';
import { READERS } from '../device-records.ts';

/** Code of the endpoint's answer. */
const ENDED = 'role-key-ended';

/**
 * One transaction: the new heads take the places of the old ones in the outbox.
 * @param refused heads that the endpoint did not take, with the code of its answer
 * @returns how many were signed again; 0 too where the person here wrote none of them, or cannot open
 * his own
 */
export async function envelopeAnew(
  context: DeskContext,
  refused: readonly { id: string; answer: string }[],
): Promise<number> {
  const ended = new Set(refused.filter(({ answer }) => answer === ENDED).map(({ id }) => id));
  if (ended.size === 0 || !context.current || !context.vault.session(context.current)) return 0;
  const by = await certificateId(context.signer().certificate);
  const packages: StoredPackage[] = [];
  const renewed = new Map<string, string>();
  for (const id of await context.store.outbox()) {
    const stored = await context.store.package(id);
    const pkg = stored && (await readPackage(stored.bytes));
    if (!pkg || pkg.record.by !== by) continue;
    const builtOn = [...pkg.record.prev, pkg.record.case ?? ''].some((each) => renewed.has(each));
    if (!ended.has(id) && !builtOn) continue;
    const made = await again(context, pkg, renewed);
    if (!made) continue;
    renewed.set(id, made.id);
    packages.push({ ...stored, id: made.id, bytes: made.bytes, place: null });
  }
  if (renewed.size === 0) return 0;
  const outbox = packages.map(({ id }) => id);
  await context.store.commit({ dropped: [...renewed.keys()], packages, outbox });
  context.changed();
  return renewed.size;
}

async function again(context: DeskContext, pkg: Package, renewed: ReadonlyMap<string, string>) {
  const { record } = pkg;
  const { v: _v, by: _by, to: _to, contents: _contents, ...rest } = record;
  const opened = await context.openedPackage(pkg);
  if (!opened) return null;
  const id = (old: string) => renewed.get(old) ?? old;
  const files = [...opened.files].map(([name, bytes]) => {
    const confidential = pkg.files.has(name + ENVELOPED);
    return { name, bytes, confidential };
  });
  const { party: of, case: within } = record;
  const party = of === undefined ? [] : await context.recipientsFor({ party: of, case: within });
  const staff = await context.staffRecipients(...groupsOf(record.type));
  // A seal is read by those who make seals; its holder has a copy of his own beside it.
  const apart = record.type === 'seal/produce';
  const recipients: EnvelopeRecipient[] = apart ? staff : [...party, ...staff];
  return writePackage({
    record: {
      ...rest,
      prev: record.prev.map(id),
      ...(record.case === undefined ? {} : { case: id(record.case) }),
    },
    confidential: opened.body ?? undefined,
    files,
    recipients,
    alsoTo: apart ? party : [],
    signer: context.signer(),
  });
}

function groupsOf(type: string) {
  if (type.startsWith('licence/')) return READERS.licence;
  return type.startsWith('application/') ? READERS.application : READERS.seal;
}
