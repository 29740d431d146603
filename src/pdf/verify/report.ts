/** The answer of `verifyPdf` (contract): one report for the page, the library and the saved file. */
import type { Finding, Verdict } from '../../crypto/index.ts';
import type { ProofOfWhen, RevocationEvidence } from '../../pki/index.ts';
import type { ChangeKind } from './diff/change.ts';
import type { ChangeCode } from './diff/change-words.ts';
import type { PlainValue } from './diff/plain-value.ts';

/** `unchecked`: neither intact nor wrong, because an algorithm or form is not computed here. */
export type Integrity = 'intact' | 'unchecked' | 'modified' | 'broken' | 'unsigned' | 'unreadable';

/**
 * The moment at which signers are judged: `proven` by a time stamp where there is one, else now;
 * `claimed` by the signer; or `now` in any case.
 */
export type TimeOfCheck = 'now' | 'claimed' | 'proven';

/** Of PAdES (EN 319 142-1, 6.1); `CMS` where no certificate is signed in as PAdES demands. */
export type Level = 'CMS' | 'B-B' | 'B-T' | 'B-LT' | 'B-LTA';

/** One thing that a later revision changed, in words. */
export interface ListedChange {
  kind: ChangeKind;
  /** What happened, in a word that the app translates. */
  code: ChangeCode;
  /** What the words name in braces. */
  params: Readonly<Record<string, string>>;
  /** From 1. */
  page?: number;
  /** Fully qualified name of the field concerned. */
  field?: string;
  /** Where on the page, points: left, bottom, right, top. */
  rect?: readonly [number, number, number, number];
  /** Path and number of the object. */
  object: string;
  before?: string;
  after?: string;
  /** The same two, taken apart for words of any language. */
  was: PlainValue;
  became: PlainValue;
  /** One English sentence. */
  words: string;
  permission: 'yes' | 'warn' | 'no';
  /** The signer, or one before, laid down what may be changed, and this may. */
  granted: boolean;
  /** Field of the first later signature that covers the change; absent where none does. */
  coveredBy?: string;
}

export interface SignatureReport {
  /** Fully qualified field name. */
  field: string;
  kind: 'approval' | 'certification' | 'timestamp';
  integrity: 'intact' | 'unchecked' | 'modified' | 'broken';
  verdict: Verdict;
  /** Sub-indication of EN 319 102-1. */
  subIndication?: string;
  /** `file`: up to its end; `revision`: a whole earlier revision; `partial`: less than that. */
  coverage: 'file' | 'revision' | 'partial';
  changes: 'none' | 'permitted' | 'forbidden';
  /** `name`: common name, or given name and surname. */
  signer?: { name: string; subject: string; organization?: string; uscc?: string };
  /** Signer's certificate, DER. */
  certificate?: Uint8Array;
  /** Key and digest, as `SM2 · SM3` or `RSA 2048 · SHA-256`. */
  algorithms?: string;
  /** SHA-256 hex from the signer to the anchor; empty without a path. */
  path: string[];
  /** Time that counts: proven by a time stamp, else claimed; ISO 8601. */
  time?: string;
  timeProven: boolean;
  /** What the signer says (M or signingTime), never proof. */
  claimedTime?: string;
  /** The moment at which the signer was judged, ISO 8601, and where it comes from. */
  judgedAt?: { time: string; by: 'now' | 'claimed' | 'time-stamp' | 'log' };
  /** What says when it was signed: the log at hand, a trusted time stamp, or the signer's word. */
  provenBy?: ProofOfWhen['by'];
  /** The signer was an issuer of the deployment when it was signed, as far as that is proven. */
  signedAs?: 'issuer';
  /** What the signature has, trusted or not. */
  level?: Level;
  /** What of it is proven under the trust at hand; absent where the signature is not in order. */
  provenLevel?: Level;
  reason?: string;
  subFilter: string;
  /** The signed revision is the slice `[0, revision)`; 0 where the byte range is unusable. */
  revision: number;
  /** Page of the widget, from 1; absent where it is on none. */
  page?: number;
  /** Widget rectangle, points: left, bottom, right, top. */
  rect?: [number, number, number, number];
  /** DocMDP's P of a certification. */
  permissions?: 1 | 2 | 3;
  changesList: ListedChange[];
  /** Time stamps of the signature value, whether trusted or not; ISO 8601. */
  timeStamps: {
    time: string;
    by: string;
    trusted: boolean;
    /** End of the authority's certificate, ISO 8601. */
    until?: string;
  }[];
  findings: Finding[];
  seal?: SealReport;
  /** Where it was asked for and there is a path. */
  longTerm?: LongTerm;
}

/** What a signature can be verified by later, and how long. */
export interface LongTerm {
  /** Signer to anchor. */
  chain: {
    /** SHA-256 hex. */
    id: string;
    name: string;
    notBefore: string;
    notAfter: string;
    /** An anchor of the trust at hand: nothing about its revocation is asked. */
    anchor: boolean;
    /**
     * Absent: nothing at hand says. `source`: in the signature, in the document's store (DSS), or
     * the trust data of whoever checks.
     */
    revocation?: RevocationEvidence & { source: 'signature' | 'document' | 'list' };
  }[];
  /** ISO 8601. */
  until: string;
  /** What ends then: the certificates of the chain, or that of the last time-stamp authority. */
  by: 'chain' | 'time-stamp';
}

/** One page's part of a seam seal. */
export interface SeamStrip {
  /** From 1. */
  page: number;
  /** Points: left, bottom, right, top. */
  rect: readonly [number, number, number, number];
  /**
   * `misplaced`: a part of the seal that belongs on another page, as where two are swapped;
   * `altered`: not the seal's own picture at its size, or hidden, covered or off the page.
   */
  state: 'whole' | 'misplaced' | 'altered';
}

export interface SealReport {
  name: string;
  /** Subject of the seal maker's certificate. */
  maker: string;
  verdict: Verdict;
  /** The appearance shown is the picture of the seal. */
  pictureMatches: boolean;
  /** Pages, from 1, along whose edges the picture stands in strips 骑缝章. */
  seam?: readonly number[];
  /**
   * A seam that the signature names and that is not whole. `named`: how many strips the signature
   * names; `missing`: pages that should have one and have none.
   */
  seamFault?: { readonly named: number; readonly missing: readonly number[] };
  /** Every strip of the seam on the pages of the signed revision, by page. */
  strips?: readonly SeamStrip[];
  /** Pages of the signed revision. */
  pageCount: number;
  /** SESeal, DER. */
  data: Uint8Array;
}

export interface PdfReport {
  /** Worst over all signatures, trust aside. */
  integrity: Integrity;
  verdict: Verdict | 'NO-SIGNATURE';
  signatures: SignatureReport[];
  findings: Finding[];
  /** Where each revision ends, oldest first. */
  revisions: number[];
  /** Of a file that could not be opened: the envelopes of those it is encrypted to (EnvelopedData). */
  recipients?: Uint8Array[];
  /** What the document's own store of validation evidence holds (DSS). */
  evidence?: { certificates: number; crls: number; ocsps: number };
}
