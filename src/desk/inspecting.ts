/** Recording the use of a licence (核销) by an inspector. */
import { type LicenceUse, normaliseCode, typedDecimal } from '../licence/index.ts';
import type { DeskContext } from './context.ts';
import { READERS } from './device-records.ts';
import { DeskError } from './refusals.ts';

export async function recordUse(
  context: DeskContext,
  number: string,
  use: LicenceUse,
): Promise<void> {
  await context.demandRole('inspector');
  const state = await context.state();
  const licence = [...state.licences.values()].find(
    (each) => each.number === number && each.replacedBy === null,
  );
  const quantity = typedDecimal(use.quantity);
  if (!quantity) {
    const detail = { detail: 'quantity-form' };
    throw new DeskError('record-refused', 'the quantity is no number', detail);
  }
  const found = licence && state.applications.get(licence.case);
  if (!licence || !found) throw new DeskError('unknown-licence', 'no such licence on this device');
  await context.write({
    type: 'licence/use',
    case: licence.case,
    prev: [found.head],
    fields: { number },
    body: {
      declaration: normaliseCode(use.declaration),
      customs: normaliseCode(use.customs),
      date: use.date,
      quantity,
    },
    recipients: await context.recipientsWith(licence.uscc, ...READERS.licence),
  });
}
