import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { formatBytes } from '../../../../base/bytes.ts';
import { messageOf, VakthundError } from '../../../../base/errors.ts';
import type { Problem } from '../../../../base/problem.ts';
import { readFeeds, type FeedSummary } from '../read-feeds.ts';
import { checkFeed } from './check-download.ts';
import { download, lastDownload, partlyFetched, sha256Of, type Download } from './download.ts';
import type { StoreInfo, StoreSource } from './layout.ts';
import { StoredBook } from './read-store.ts';
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
    const { file, problem } = await fetchFeed(from, sha256, downloads, options);
    if (file !== undefined) use(file);
    if (problem !== undefined) problems.push(problem);
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
    problems.push(...goneStreams(storePath(options.folder), writer.streams));
    const sources = await Promise.all(read.summaries.map((summary) => sourceOf(summary, fetched.get(summary.path))));
    const total = problems.reduce((sum, { count }) => sum + (count ?? 1), 0);
    return { info: writer.finish({ builtAt: options.now().toISOString(), sources, problems: total }), problems };
  } finally {
    writer.discard();
  }
}

interface Fetched {
  readonly file?: Download;
  readonly problem?: Problem;
}

/** One address: what came, or what came the last time when it cannot be had or is not what was asked for. */
async function fetchFeed(
  from: string,
  sha256: string | undefined,
  downloads: string,
  options: UpdateOptions,
): Promise<Fetched> {
  let mismatch: Problem | undefined;
  try {
    const file = await download(from, {
      folder: downloads,
      signal: options.signal,
      now: options.now,
      onProgress: (url, bytes, total) => options.onProgress(progressText(url, bytes, total)),
      async check({ path, sha256: got, isWhole }) {
        mismatch = sha256 === undefined ? undefined : await digestProblem(from, sha256, () => got);
        if (mismatch !== undefined) throw new VakthundError('EVIDENCE_READ', mismatch.message);
        await checkFeed(path, isWhole);
      },
    });
    return { file };
  } catch (error) {
    if (options.signal.aborted) throw error;
    const last = lastDownload(from, downloads);
    const usable = sha256 === undefined || last?.sha256 === sha256 ? last : undefined;
    const problem = mismatch ?? notFetched(from, error, usable, partlyFetched(from, downloads));
    return { problem, ...(usable === undefined ? {} : { file: usable }) };
  }
}

/** Names of streams that are told. */
const shownStreams = 8;

/** What the store before had and this one has not: a source that is gone, or was not named this time. */
function goneStreams(path: string, streams: ReadonlyMap<string, number>): Problem[] {
  const before = streamsOf(path);
  const gone = [...before].filter(([stream]) => !streams.has(stream)).sort(([, a], [, b]) => b - a);
  if (gone.length === 0) return [];
  const shown = gone.slice(0, shownStreams).map(([stream, count]) => `${stream} (${count})`);
  const more = gone.length > shown.length ? ` and ${gone.length - shown.length} more` : '';
  const message = `the store before had advisories that this one has not: ${shown.join(', ')}${more}`;
  return [{ code: 'partly-seen', at: { path }, message }];
}

function streamsOf(path: string): ReadonlyMap<string, number> {
  try {
    const book = new StoredBook(path);
    book.close();
    return book.streams;
  } catch {
    // There is none, or it is damaged: nothing is known of it.
    return new Map();
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
  const message = `it could not be fetched: ${reasonOf(error)}${rest}${instead}`;
  return { code: 'unreadable', at: { path: from }, message };
}

/** Of a connection that failed the cause says why; the error itself is `fetch failed` or `terminated`. */
function reasonOf(error: unknown): string {
  const cause = error instanceof TypeError ? error.cause : undefined;
  if (cause === undefined) return messageOf(error);
  // One that tried several addresses has no text of its own.
  const why = messageOf(cause instanceof AggregateError ? (cause.errors[0] ?? cause) : cause);
  return messageOf(error) === 'terminated' ? `the connection was cut (${why})` : why;
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
  const sha256 = contentHash ?? (await sha256Of(path));
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
