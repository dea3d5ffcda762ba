import type { Reason, Severity } from '../../events/finding.ts';

/** Something about a file that does not belong, with the numbers that say so. */
export interface FileSign {
  readonly id:
    | 'trailing-data'
    | 'comment-data'
    | 'unknown-chunk'
    | 'surplus-pixels'
    | 'lsb'
    | 'coefficients'
    | 'type-mismatch'
    | 'random-content';
  /** One line with the number that matters most. */
  readonly title: string;
  readonly severity: Severity;
  /** Strength of the claim, 0 to 1. */
  readonly score: number;
  /** Byte of the file at which it begins. */
  readonly at: number;
  /** ATT&CK technique ids. */
  readonly attack: readonly string[];
  readonly reasons: readonly Reason[];
}

/** A part of a file that was not looked at, and why. */
export interface NotChecked {
  readonly what: string;
  readonly why: string;
}

/** What parts of the inspection add to the result of one file. */
export interface Notes {
  readonly signs: FileSign[];
  /** Measurements that were taken, whether or not they make a sign. */
  readonly measured: Reason[];
  readonly notChecked: NotChecked[];
}

/** The beginning of a file. Whoever reads it bounds how much of it is held. */
export interface FileContent {
  /** Name or path; only its extension is looked at. */
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Size of the whole file in bytes, at least that of `bytes`. */
  readonly size: number;
}

/** Obfuscated files: steganography. */
export const steganography = 'T1027.003';
