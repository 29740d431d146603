/** Recording the use of a licence (核销) by an inspector. */
import type { DeskContext } from './context.ts';
import { READERS } from './device-records.ts';
import { DeskError } from './refusals.ts';

export async function recordUse(
  context: DeskContext,
  number: string,
  use: { declaration: string; customs: string; date: string; quantity: string },
): Promise<void> {
  await context.demandRole('inspector');
  const state = await context.state();
  const licence = [...state.licences.values()].find(
    (each) => each.number === number && each.replacedBy === null,
  );
  const found = licence && state.applications.get(licence.case);
  if (!licence || !found) throw new DeskError('unknown-licence', 'no such licence on this device');
  await context.write({
    type: 'licence/use',
    case: licence.case,
    prev: [found.head],
    fields: { number },
    body: {
      declaration: use.declaration.trim(),
      customs: use.customs.trim(),
      date: use.date,
      quantity: use.quantity.trim(),
    },
    recipients: await context.recipientsWith(licence.uscc, ...READERS.licence),
  });
}
