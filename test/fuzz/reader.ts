/** What a reader to fuzz looks like: genuine inputs to start from, and the call that must survive. */

export interface FuzzedReader {
  name: string;
  /** Genuine inputs, made once; mutations start from these. */
  seeds(): Promise<Uint8Array[]>;
  /** Reads one input as its callers do. Throwing anything is a fault, as is taking over a second. */
  read(input: Uint8Array): Promise<unknown>;
}
