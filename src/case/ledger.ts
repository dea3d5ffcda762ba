import { headHashBytes, type Fingerprint } from './fingerprint.ts';
import type { EvidenceRow } from '../store/store.ts';

/** What a content is to the case. */
export type LedgerAnswer =
  | { readonly is: 'new' }
  /** Read to its end before: nothing to add. */
  | { readonly is: 'known'; readonly row: EvidenceRow }
  /** The same content, not read to its end (the process was stopped), or a content that grew from it. */
  | { readonly is: 'unfinished' | 'grown'; readonly row: EvidenceRow };

/** The evidence ledger in memory, to tell whether a content has been read before, under whatever name. */
export class Ledger {
  readonly #byContent = new Map<string, EvidenceRow>();
  readonly #byHead = new Map<string, Map<number, EvidenceRow>>();
  readonly #pathsAtFirst: ReadonlySet<string>;
  readonly #idsAtFirst: ReadonlySet<number>;

  constructor(rows: readonly EvidenceRow[]) {
    for (const row of rows) this.#add(row);
    this.#idsAtFirst = new Set(rows.map(({ evidence_id }) => evidence_id));
    this.#pathsAtFirst = new Set(rows.filter((row) => row.content_sha256 !== '').map(({ path }) => path));
  }

  /** True for a new content where another stood when this ledger was loaded; not for a known one that is read again. */
  isInPlaceOfKnown({ evidence_id, path }: EvidenceRow): boolean {
    return this.#pathsAtFirst.has(path) && !this.#idsAtFirst.has(evidence_id);
  }

  #add(row: EvidenceRow): void {
    // A place that was inspected: nothing of it has been read as evidence.
    if (row.content_sha256 === '') return;
    this.#byContent.set(row.content_sha256, row);
    const sameHead = this.#byHead.get(row.head_sha256);
    if (sameHead === undefined) this.#byHead.set(row.head_sha256, new Map([[row.evidence_id, row]]));
    else sameHead.set(row.evidence_id, row);
  }

  /** Sizes at which a new content's hash could tell that it grew from a known one. */
  prefixSizes(headSha256: string): number[] {
    const sameHead = this.#byHead.get(headSha256)?.values() ?? [];
    return [...sameHead, ...this.#short()].map((row) => row.size).filter((size) => size > 0);
  }

  #short(): EvidenceRow[] {
    return [...this.#byContent.values()].filter((row) => row.size < headHashBytes && row.source !== null);
  }

  answer(print: Fingerprint): LedgerAnswer {
    const same = this.#byContent.get(print.contentSha256);
    if (same !== undefined) return { is: same.is_complete ? 'known' : 'unfinished', row: same };
    const grownFrom = [...print.prefixes]
      .sort(([a], [b]) => b - a)
      .map(([, sha256]) => this.#byContent.get(sha256))
      .find((row) => row !== undefined);
    return grownFrom === undefined ? { is: 'new' } : { is: 'grown', row: grownFrom };
  }

  /** Takes in a row that was added or changed. */
  put(row: EvidenceRow, before?: EvidenceRow): void {
    if (before !== undefined) {
      this.#byContent.delete(before.content_sha256);
      this.#byHead.get(before.head_sha256)?.delete(before.evidence_id);
    }
    this.#add(row);
  }
}
