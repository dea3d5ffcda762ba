import type { Location } from './errors.ts';

/**
 * Codes of what could not be read or checked. The text of each is the first sentence of its entry in
 * `docs/reference/problems.md`; a source picks the code, and says in `message` what it met.
 */
export const problemCodes = {
  'bad-record': 'A record is malformed; it was skipped or kept in part, and the rest was read.',
  'bad-value': 'A value does not fit its column; it was kept as text in `fields`, and the column is empty.',
  'bad-encoding': 'Bytes are not valid UTF-8; they were replaced by U+FFFD.',
  'bad-header': 'A header that the format needs is missing, cut or contradicts itself.',
  'checksum-mismatch':
    'A checksum does not match: the content was changed or damaged after it was written; it was read as it stands.',
  truncated: 'The input ends in the middle of a record.',
  'record-too-long': 'A record is longer than the bound; it was cut or skipped.',
  'duplicate-key': 'A record has the same key twice; one value counts: in JSON the last.',
  'clock-implausible': 'A time lies before 1990 or more than a day in the future.',
  'clock-backwards': 'Time runs backwards further than reordering explains.',
  'events-lost': 'The sensor itself says, or a gap in its numbering shows, that events were lost.',
  'unknown-format': 'No source recognises the content; nothing of it was read.',
  unsupported: 'The format is recognised, but this variant is not supported.',
  'limit-reached': 'A bound that protects this machine was reached; the rest was not read.',
  'unsafe-path': 'A name inside an archive points outside it; the member was read under a safe name or skipped.',
  'decompress-failed': 'A compressed stream is damaged; what came before the damage was read.',
  unreadable: 'A file or folder could not be opened or read.',
  'partly-seen': 'The evidence itself covers only part: a short snapshot length, capture loss, a missing log.',
  'bad-rule': 'A detection rule has an error; it was not run.',
  'detector-failed': 'A detector stopped with an error; its part was not checked.',
} as const;
export type ProblemCode = keyof typeof problemCodes;

/** What could not be read, understood or checked. Shown beside every verdict. */
export interface Problem {
  readonly code: ProblemCode;
  /** Path is filled in by whoever knows it; a source gives the line, record or byte. */
  readonly at: Location;
  /** One sentence: what happened, to what. Values are quoted. */
  readonly message: string;
  readonly hint?: string;
  /** How many times, when one problem stands for many alike. Default 1. */
  readonly count?: number;
}

/** Quotes a value for a message: JSON-escaped, cut to `max` characters. */
export function quote(value: string, max = 80): string {
  return JSON.stringify(value.length > max ? `${value.slice(0, max)}…` : value);
}

/**
 * Collects problems with a bound: the first `keep` of a code stand as they are, the later ones are
 * counted into the last. Nothing is dropped silently, and hostile input cannot fill the memory.
 */
export class ProblemList {
  readonly #keep: number;
  readonly #byCode = new Map<ProblemCode, Problem[]>();
  #total = 0;

  constructor(keep = 20) {
    this.#keep = keep;
  }

  add(problem: Problem): void {
    const count = problem.count ?? 1;
    this.#total += count;
    const list = this.#byCode.get(problem.code);
    if (list === undefined) {
      this.#byCode.set(problem.code, [problem]);
      return;
    }
    const last = list.at(-1);
    if (list.length < this.#keep || last === undefined) list.push(problem);
    else list[list.length - 1] = { ...last, count: (last.count ?? 1) + count };
  }

  /** How many problems were added, each counted. */
  get total(): number {
    return this.#total;
  }

  /** The kept problems in the order of first arrival per code; empties the list. */
  drain(): Problem[] {
    const all = [...this.#byCode.values()].flat();
    this.#byCode.clear();
    this.#total = 0;
    return all;
  }
}
