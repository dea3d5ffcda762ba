import { basename } from 'node:path';
import { VakthundError } from '../base/errors.ts';
import type { Problem } from '../base/problem.ts';
import type { Micros } from '../base/time.ts';
import { readContent } from '../collect/open/content.ts';
import type { OpenLimits } from '../collect/open/limits.ts';
import { openFile } from '../collect/open/open-file.ts';
import type { Indicator, IndicatorKind } from '../match/indicators/format.ts';
import { listNameOf, loadIndicatorFile } from '../match/indicators/load.ts';
import { IndicatorMatcher } from '../match/indicators/matcher.ts';
import { IndicatorSetBuilder } from '../match/indicators/set-builder.ts';
import { readWarnings } from '../match/indicators/shipped-warnings.ts';

export interface ReadLists {
  readonly matcher: IndicatorMatcher;
  readonly lists: readonly ReadList[];
  /** What could not be read in the lists. */
  readonly problems: readonly Problem[];
}

/** What one list gave. */
export interface ReadList {
  readonly name: string;
  /** Undefined when no format recognised it. */
  readonly format: string | undefined;
  /** Entries by kind. */
  readonly entries: ReadonlyMap<IndicatorKind, number>;
  /** Of them those that had expired. */
  readonly expired: number;
}

/**
 * Lists of indicators as they are asked about things that are no events. Packed lists are opened like evidence; entries that have expired by
 * `asOf`, and what the warning lists (but those in `without`) hold, do not fire. Throws when nothing could be read.
 */
export async function readIndicatorLists(
  paths: readonly string[],
  options: {
    readonly limits: OpenLimits;
    readonly spoolFolder: string;
    readonly asOf: Micros;
    readonly without: readonly string[];
  },
): Promise<ReadLists> {
  const { limits, spoolFolder, asOf, without } = options;
  const builder = new IndicatorSetBuilder();
  const problems: Problem[] = [];
  const lists: ReadList[] = [];
  let left = 0;
  for (const path of paths) {
    const at = (problem: Problem): void => void problems.push({ ...problem, at: { ...problem.at, path } });
    for await (const result of openFile(path, { limits, spoolFolder })) {
      if ('problem' in result) {
        problems.push(result.problem);
        continue;
      }
      const { leaf } = result;
      const content = readContent(leaf.diskPath, leaf.compression, limits, at);
      const file = await loadIndicatorFile(basename(leaf.path), content);
      const name = listNameOf(leaf.path);
      const tally = new Tally(asOf);
      for await (const batch of file.indicators) {
        tally.add(batch);
        left += batch.filter((one) => !builder.add(name, one)).length;
      }
      lists.push({ name, format: file.format, entries: tally.entries, expired: tally.expired });
      file.problems.drain().forEach(at);
    }
  }
  if (left > 0) {
    problems.push({ code: 'limit-reached', at: {}, message: `${left} entries of lists are past the bounds of a set` });
  }
  const set = builder.build();
  if (set.size === 0) {
    throw new VakthundError('EVIDENCE_READ', 'the lists hold nothing that could be read', {
      hint: problems[0]?.message ?? 'see docs/reference/indicator-formats.md',
    });
  }
  const matcher = new IndicatorMatcher({ set, warnings: readWarnings(undefined, without), asOf });
  return { matcher, lists, problems };
}

class Tally {
  readonly entries = new Map<IndicatorKind, number>();
  expired = 0;
  readonly #asOf: Micros;

  constructor(asOf: Micros) {
    this.#asOf = asOf;
  }

  add(batch: readonly Indicator[]): void {
    for (const { kind, expires_at: until } of batch) {
      this.entries.set(kind, (this.entries.get(kind) ?? 0) + 1);
      if (until !== null && until <= this.#asOf) this.expired++;
    }
  }
}
