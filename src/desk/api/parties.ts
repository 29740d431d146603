/** People and certificates of an enterprise, brokers who act for it, and enterprises that it acts for. */
import type { Right } from '../../workflow/index.ts';

export interface PartyPerson {
  /** Signing certificate, SHA-256 hex. */
  certificate: string;
  /** Registration in whose case it was bound. */
  caseId: string;
  /** As the certificate names its holder. */
  name: string;
  rights: Right[];
  since: string;
  notAfter: string;
  state: 'in-force' | 'revoked' | 'expired';
  /** The person at the desk. */
  own: boolean;
  /** The seal in use names it. */
  inSeal: boolean;
}

export interface MandateView {
  id: string;
  uscc: string;
  name: string;
  rights: Right[];
  until: string;
  /** It holds now. */
  holds: boolean;
}

export interface PartyView {
  uscc: string;
  name: string;
  /** What the person at the desk may do for the enterprise. */
  rights: Right[];
  people: PartyPerson[];
  /** To brokers, who act for this enterprise. */
  given: MandateView[];
  /** From enterprises, for which this one acts as a broker. */
  received: MandateView[];
  /** The code that stands for this one now; null: its own. */
  successor: { uscc: string; name: string } | null;
  waits: WaitsForContents | null;
}

/** Contents of the time before the person was bound, whose keys nobody has handed on yet. */
export interface WaitsForContents {
  packages: number;
  /** Who has to come online: people of the enterprise; none left: somebody of the authority. */
  from: string[];
}

/** Somebody new of one's own enterprise, until it was seen. */
export interface NewPerson {
  certificate: string;
  name: string;
  rights: Right[];
  since: string;
}

/** For whom the person at the desk may fill in applications. */
export interface Client {
  uscc: string;
  name: string;
  /** Its own enterprise. */
  own: boolean;
  rights: Right[];
  until: string | null;
}

export interface PartyActs {
  party(): Promise<PartyView>;
  /** The own enterprise first. */
  clients(): Promise<Client[]>;
  newPeopleSeen(certificates: string[]): Promise<void>;
  /** Lets a broker act; the last mandate for a broker counts. `until`: ISO 8601. */
  giveMandate(broker: string, rights: Right[], until: string): Promise<void>;
  endMandate(broker: string): Promise<void>;
  /** The registrar changes what somebody of an enterprise may do: his keys are certified anew. */
  changeRights(caseId: string, rights: Right[]): Promise<void>;
  /** The registrar makes another code the successor of one. */
  succeed(uscc: string, successor: string): Promise<void>;
  /**
   * The registrar binds somebody of an enterprise whose requests came as a file, PEM.
   * @returns the answer, PEM, for `installCertificates`
   */
  bindRequest(request: {
    file: Uint8Array;
    uscc: string;
    person: string;
    rights: Right[];
  }): Promise<Uint8Array>;
}
