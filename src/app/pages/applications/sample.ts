/** Sample data for trying things out: invented goods under the enterprise's own name. */
import type { Draft } from '../../../desk/index.ts';
import { type Application, sampleApplication } from '../../../licence/index.ts';
import { applications as w } from './words.ts';

type Attached = Draft['attachments'][number];

/** Keeps who applies, and gives the form, a contract and the documents that it needs. */
export function filledSample(form: Application): { form: Application; attachments: Attached[] } {
  const sample = sampleApplication(form.type);
  const importer = form.importer.name ? form.importer : sample.importer;
  const appliedOn = form.appliedOn || sample.appliedOn;
  const filled: Application = {
    ...sample,
    importer: { ...importer },
    appliedOn,
    contact: form.contact.name ? { ...form.contact } : sample.contact,
    contract: {
      ...sample.contract,
      buyer: importer.name,
      date: [sample.contract.date, appliedOn].sort()[0] ?? appliedOn,
    },
    attachments: [],
  };
  const { number, date, buyer, seller, amount, currency } = filled.contract;
  const contract = [number, date, buyer, seller, `${currency} ${amount}`];
  const registration = [importer.name, importer.code];
  return {
    form: filled,
    attachments: [
      text('qualification', '示例登记证明.txt', [w.sampleQualification, ...registration]),
      text('contract', `示例合同 ${number}.txt`, [w.sampleContract, ...contract]),
    ],
  };
}

function text(kind: string, name: string, lines: string[]): Attached {
  const bytes = new TextEncoder().encode(`${lines.join('\n')}\n`);
  return { kind, name, type: 'text/plain', size: bytes.length, bytes };
}
