import type { Domain, Numbers } from './samples.ts';

/** What families of malware put names together from, as analyses of them publish it (`word-lists`). */
export interface WordStock {
  /** Three lists of Suppobox: words of everyday, short ones, and names of people. */
  readonly suppobox: readonly (readonly string[])[];
  readonly matsnuNouns: readonly string[];
  readonly matsnuVerbs: readonly string[];
  /** The most frequent English words, in the order of the alphabet: Nymaim. */
  readonly frequent: readonly string[];
  /** Words of whole texts in their order: Gozi, Rovnix. */
  readonly texts: readonly (readonly string[])[];
}

/** A family of malware, and what makes a name as it does. */
export interface Family {
  readonly id: string;
  /** How often it is drawn beside the others. */
  readonly share: number;
  readonly make: (numbers: Numbers, stock: WordStock) => Domain;
}
