import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { ProblemList, type Problem } from '../../../base/problem.ts';
import type { AdvisoryFormat, FeedEntry } from './format.ts';
import { openFeeds } from './open-feed.ts';
import { formatOf, readFeed } from './read-feed.ts';

/** What one of the given paths gave, with everything below it. */
export interface FeedSummary {
  readonly path: string;
  /** Bytes of its files, uncompressed. */
  readonly bytes: number;
  /** Of a folder: SHA-256 of the paths and contents of its files. Any other path has a digest of its own. */
  readonly contentHash?: string;
  /** Ids of the formats in it. */
  readonly formats: readonly string[];
  /** Entries by their kind. */
  readonly counts: Readonly<Record<string, number>>;
}

export interface ReadFeeds {
  readonly summaries: readonly FeedSummary[];
  readonly problems: readonly Problem[];
}

export type KnownEntry = Exclude<FeedEntry, { readonly kind: 'problem' }>;

/** Reads everything below the paths, and hands each entry on with the id of its format. */
export async function readFeeds(
  paths: readonly string[],
  take: (entry: KnownEntry, format: string) => void,
): Promise<ReadFeeds> {
  const problems = new ProblemList();
  const summaries: FeedSummary[] = [];
  for (const path of new Set(paths)) {
    const summary = await readPath(path, problems, take);
    if (summary.formats.length > 0) summaries.push(summary);
  }
  return { summaries, problems: problems.drain() };
}

async function readPath(
  path: string,
  problems: ProblemList,
  take: (entry: KnownEntry, format: string) => void,
): Promise<FeedSummary> {
  const hash = statSync(path, { throwIfNoEntry: false })?.isDirectory() === true ? createHash('sha256') : undefined;
  const formats = new Set<string>();
  const counts: Record<string, number> = {};
  let bytes = 0;
  let format: AdvisoryFormat | undefined;
  for await (const opened of openFeeds(path)) {
    if ('problem' in opened) {
      problems.add(opened.problem);
      continue;
    }
    hash?.update(opened.path.slice(path.length)).update(opened.bytes);
    bytes += opened.bytes.length;
    format = formatOf(opened, format);
    if (format !== undefined) formats.add(format.id);
    for (const entry of readFeed(opened, format)) {
      counts[entry.kind] = (counts[entry.kind] ?? 0) + 1;
      if (entry.kind === 'problem') problems.add(entry.problem);
      else take(entry, format?.id ?? '');
    }
  }
  const summary = { path, formats: [...formats].sort(), counts, bytes };
  return hash === undefined ? summary : { ...summary, contentHash: hash.digest('hex') };
}
