import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { messageOf } from '../../../../base/errors.ts';
import type { Problem } from '../../../../base/problem.ts';
import { readFeeds, type FeedSummary } from '../read-feeds.ts';
import { download, lastDownload, sha256Of, type Download } from './download.ts';
import type { StoreInfo, StoreSource } from './layout.ts';
import { StoreWriter } from './write-store.ts';

export interface UpdateOptions {
  /** Folder of the store and of what was fetched. */
  readonly folder: string;
  /** Addresses, files and folders. */
  readonly from: readonly string[];
  readonly signal: AbortSignal;
  readonly now: () => Date;
  onProgress(text: string): void;
}

export interface Updated {
  /** Undefined when nothing could be read: the store before is left as it is. */
  readonly info: StoreInfo | undefined;
  readonly problems: readonly Problem[];
}

const dayMs = 86_400_000;

export function storePath(folder: string): string {
  return join(folder, 'advisories.vkadv');
}

/**
 * Fetches what is to be fetched, and builds the store anew from all of it. A file that cannot be fetched is taken as it was the last time,
 * with a problem; the store before stays until the new one is whole.
 */
export async function updateStore(options: UpdateOptions): Promise<Updated> {
  mkdirSync(options.folder, { recursive: true, mode: 0o700 });
  const fetched = new Map<string, Download>();
  const problems: Problem[] = [];
  const paths: string[] = [];
  const downloads = join(options.folder, 'downloads');
  const use = (file: Download): void => {
    fetched.set(file.path, file);
    paths.push(file.path);
  };
  for (const from of options.from) {
    if (!/^https?:\/\//i.test(from)) {
      paths.push(resolve(from));
      continue;
    }
    try {
      const file = await download(from, {
        folder: downloads,
        signal: options.signal,
        now: options.now,
        onProgress: (url, bytes, total) => options.onProgress(progressText(url, bytes, total)),
      });
      use(file);
    } catch (error) {
      if (options.signal.aborted) throw error;
      const last = lastDownload(from, downloads);
      const instead = last === undefined ? '' : `; what was fetched on ${last.fetchedAt} is used`;
      const message = `it could not be fetched: ${messageOf(error)}${instead}`;
      problems.push({ code: 'unreadable', at: { path: from }, message });
      if (last !== undefined) use(last);
    }
  }
  removeLeftovers(options.folder, options.now());
  const writer = new StoreWriter(storePath(options.folder));
  try {
    let entries = 0;
    const read = await readFeeds(paths, (entry, format) => {
      writer.add(entry, format);
      if (++entries % 1000 !== 0) return;
      options.signal.throwIfAborted();
      options.onProgress(`${entries} records read`);
    });
    problems.push(...read.problems);
    if (entries === 0) return { info: undefined, problems };
    const sources = await Promise.all(read.summaries.map((summary) => sourceOf(summary, fetched.get(summary.path))));
    const total = problems.reduce((sum, { count }) => sum + (count ?? 1), 0);
    return { info: writer.finish({ builtAt: options.now().toISOString(), sources, problems: total }), problems };
  } finally {
    writer.discard();
  }
}

/** What a run left behind that was killed more than a day ago. */
function removeLeftovers(folder: string, now: Date): void {
  for (const name of readdirSync(folder).filter((entry) => entry.endsWith('.building'))) {
    const path = join(folder, name);
    const { mtimeMs } = statSync(path, { throwIfNoEntry: false }) ?? { mtimeMs: Infinity };
    if (now.getTime() - mtimeMs > dayMs) rmSync(path, { recursive: true, force: true });
  }
}

/** Of a folder the hash is that of its files, in the order in which they were read. */
async function sourceOf(summary: FeedSummary, fetched: Download | undefined): Promise<StoreSource> {
  const { path, formats, counts, bytes, contentHash } = summary;
  if (fetched !== undefined) {
    return {
      from: fetched.url,
      formats,
      counts,
      sha256: fetched.sha256,
      bytes: fetched.bytes,
      date: fetched.fetchedAt,
    };
  }
  const stat = statSync(path);
  const sha256 = stat.isDirectory() ? contentHash : await sha256Of(path);
  return {
    from: path,
    formats,
    counts,
    sha256,
    bytes: stat.isDirectory() ? bytes : stat.size,
    date: stat.mtime.toISOString(),
  };
}

function progressText(url: string, bytes: number, total: number | undefined): string {
  const percent = total === undefined || total === 0 ? '' : ` ${Math.floor((100 * bytes) / total)} %`;
  return `${url}${percent}`;
}
