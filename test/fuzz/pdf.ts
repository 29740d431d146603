import { PDFDocument } from 'pdf-lib';
import { verifyPdf } from '../../src/pdf/index.ts';
import { basePdf } from '../pdf/fixtures/base.ts';
import { sign } from '../pdf/fixtures/sign.ts';
import { makeWorld, signedVariant, VARIANTS } from '../pdf/fixtures/world.ts';
import { append } from '../pdf/fixtures/write.ts';
import type { FuzzedReader } from './reader.ts';

/** Signed PDFs of every structure, signed again, changed later and encrypted. */
export const reader: FuzzedReader = {
  name: 'pdf',
  async seeds() {
    const world = await makeWorld();
    const out: Uint8Array[] = [];
    for (const variant of VARIANTS) out.push(await signedVariant(world, variant));
    const once = out[0] as Uint8Array;
    const signer = world.alice;
    out.push(await sign(once, { signer, field: 'Second', certify: 2 }));
    out.push(await append(once, { 900: '<</Note (later)>>' }));
    const plain = await PDFDocument.load(await basePdf({ textFields: ['remark'] }));
    plain.encrypt({ userPassword: '', ownerPassword: 'owner', permissions: {} });
    const encrypted = await plain.save({ useObjectStreams: false });
    out.push(await sign(encrypted, { signer, appearance: '0 0 10 10 re f' }));
    return out;
  },
  async read(input) {
    const report = await verifyPdf(input, { sight: true });
    // The last resort of `verifyPdf`: an exception that nobody foresaw.
    const fault = report.findings.find(({ code }) => code === 'pdf-reader');
    if (fault) throw new Error(fault.message);
  },
};
