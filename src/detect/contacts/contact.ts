/** A place outside that a machine or a program began to call. */
export interface Contact {
  readonly kind: 'machine' | 'program';
  /** Address of the machine; host and executable of a program, parted by a blank. */
  readonly source: string;
  /** Registered domain, or an address that no name is known of. */
  readonly place: string;
  readonly asn: number | null;
  readonly country: string | null;
  /** µs of the first and the last call. */
  readonly first: number;
  readonly last: number;
  readonly days: number;
  readonly calls: number;
}

/** What can be new of a contact. */
export type Aspect = 'place' | 'system' | 'country';

/** How often something new of each kind comes up at a source in a day, after it was learnt for a while. */
export type Novelty = Readonly<Record<Aspect, number>>;

export interface NewContact extends Contact {
  /** Of the source: never before at this machine or program. */
  readonly isNew: Readonly<Record<Aspect, boolean>>;
  /** Never before at any machine (or, for a program, at any program). */
  readonly isNewToAll: Readonly<Record<Aspect, boolean>>;
  readonly novelty: Novelty;
  /** µs for which the source had been seen before. */
  readonly learnt: number;
}
