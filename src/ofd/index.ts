/**
 * ofd: signed OFD documents (GB/T 33190-2016), read only. Bounded ZIP, a strict small XML reader,
 * and the signatures of the seal room over them. Load this door by `import()`.
 */
export {
  type OfdOptions,
  type OfdReport,
  type OfdSignatureReport,
  verifyOfd,
} from './verify-ofd.ts';
