/**
 * ofd: signed OFD documents (GB/T 33190-2016), read only. A bounded ZIP and a strict small XML
 * reader of its own, the signatures of the seal and cms rooms over them, and the question that
 * decides: is everything that the document shows protected? Load this door by `import()`.
 */
export type { OfdReport, OfdSignatureReport } from './report.ts';
export { verifyOfd } from './verify-ofd.ts';
