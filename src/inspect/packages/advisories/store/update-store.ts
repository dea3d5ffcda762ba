import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { formatBytes } from '../../../../base/bytes.ts';
import { messageOf } from '../../../../base/errors.ts';
import type { Problem } from '../../../../base/problem.ts';
import { readFeeds, type FeedSummary } from '../read-feeds.ts';
import { download, lastDownload, partlyFetched, sha256Of, type Download } from './download.ts';
import type { StoreInfo, StoreSource } from './layout.ts';
import { StoreWriter } from './write-store.ts';

export interface UpdateOptions {
  /** Folder of the store and of what was fetched. */
  readonly folder: string;
  /** Addresses, files and folders. `#sha256=HEX` behind an address or a file: it is used only when it has that digest. */
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
  for (const named of options.from) {
    const { from, sha256 } = withDigest(named);
    if (!/^https?:\/\//i.test(from)) {
      const path = resolve(from);
      const problem = sha256 === undefined ? undefined : await digestProblem(from, sha256, () => sha256Of(path));
      if (problem === undefined) paths.push(path);
      else problems.push(problem);
      continue;
    }
    try {
      const file = await download(from, {
        folder: downloads,
        signal: options.signal,
        now: options.now,
        onProgress: (url, bytes, total) => options.onProgress(progressText(url, bytes, total)),
      });
      const problem = sha256 === undefined ? undefined : await digestProblem(from, sha256, () => file.sha256);
      if (problem === undefined) use(file);
      else problems.push(problem);
    } catch (error) {
      if (options.signal.aborted) throw error;
      const last = lastDownload(from, downloads);
      problems.push(notFetched(from, error, last, partlyFetched(from, downloads)));
      if (last !== undefined && (sha256 === undefined || last.sha256 === sha256)) use(last);
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

function withDigest(named: string): { readonly from: string; readonly sha256: string | undefined } {
  const groups = /^(?<from>.*)#sha256=(?<hex>[0-9a-f]{64})$/is.exec(named)?.groups;
  return { from: groups?.['from'] ?? named, sha256: groups?.['hex']?.toLowerCase() };
}

/** Of content that is not what was asked for, or cannot be read. */
async function digestProblem(
  from: string,
  wanted: string,
  digest: () => string | Promise<string>,
): Promise<Problem | undefined> {
  try {
    const got = await digest();
    if (got === wanted) return undefined;
    const message = `it should have the SHA-256 ${wanted} and has ${got}; it was not used`;
    return { code: 'checksum-mismatch', at: { path: from }, message };
  } catch (error) {
    return { code: 'unreadable', at: { path: from }, message: messageOf(error) };
  }
}

function notFetched(from: string, error: unknown, last: Download | undefined, partBytes: number): Problem {
  const instead = last === undefined ? '' : `; what was fetched on ${last.fetchedAt} is used`;
  const rest =
    partBytes === 0 ? '' : `; ${formatBytes(partBytes)} of it are kept, and the next update goes on behind them`;
  const message = `it could not be fetched: ${messageOf(error)}${rest}${instead}`;
  return { code: 'unreadable', at: { path: from }, message };
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
