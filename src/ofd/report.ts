/** The answer of `verifyOfd`: the shape of `verifyPdf`'s, for a document of this format. */
import type { Finding, Verdict } from '../crypto/index.ts';
import type { SealPicture } from '../seal/index.ts';
import type { SignatureIntegrity } from './codes.ts';
import type { SignatureForm } from './judged.ts';
import type { OfdSignature } from './ofd-signature.ts';

export interface OfdSignatureReport {
  /** Path of Signature.xml. */
  field: string;
  /** As the list of signatures gives it. */
  id: string;
  kind: 'approval';
  /** `seal`: GB/T 38540; `signed-data`: GB/T 35275; `bare`: a value alone. */
  form: SignatureForm | null;
  integrity: SignatureIntegrity;
  verdict: Verdict;
  /** Sub-indication of EN 319 102-1. */
  subIndication?: string;
  /** `file`: all that is shown; `revision`: all that was, before a later signature; else `partial`. */
  coverage: 'file' | 'revision' | 'partial';
  /** `permitted`: nothing but a later signature. */
  changes: 'none' | 'permitted' | 'forbidden';
  signer?: { name: string; subject: string; organization?: string; uscc?: string };
  /** Signer's certificate, DER. */
  certificate?: Uint8Array;
  /** ISO 8601: proven by a time stamp, else claimed. */
  time?: string;
  timeProven: boolean;
  seal?: {
    name: string;
    /** Subject of the seal maker's certificate. */
    maker: string;
    verdict: Verdict;
    /** The picture that viewers draw is the one inside the signature. */
    pictureMatches: boolean;
    picture: SealPicture | null;
    version: 1 | 4 | 5 | null;
    validStart: string | null;
    validEnd: string | null;
  };
  /** Files that the signature lists. */
  files: number;
  /** Stamps on pages, as written: page and box in millimetres. */
  stamps: OfdSignature['stamps'];
  findings: Finding[];
}

export interface OfdReport {
  /** Worst over all signatures and over what none of them protects; trust aside. */
  integrity: SignatureIntegrity | 'unsigned' | 'unreadable';
  verdict: Verdict | 'NO-SIGNATURE';
  signatures: OfdSignatureReport[];
  /** Of the document and of every signature, these with `object` naming it. */
  findings: Finding[];
  /** Parts that the document shows and no good signature protects. */
  unprotected: string[];
}
