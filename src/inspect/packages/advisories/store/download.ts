import { createHash } from 'node:crypto';
import {
  createReadStream,
  createWriteStream,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { formatBytes } from '../../../../base/bytes.ts';
import { VakthundError } from '../../../../base/errors.ts';
import { createLocalNetworks } from '../../../../base/networks.ts';

/** A file that was fetched, and what is needed to ask for it again. */
export interface Download {
  readonly url: string;
  readonly path: string;
  readonly etag?: string;
  readonly lastModified?: string;
  readonly sha256: string;
  readonly bytes: number;
  /** ISO 8601. */
  readonly fetchedAt: string;
  /** The server says that the file of last time is still the newest. */
  readonly isUnchanged: boolean;
}

export interface DownloadOptions {
  /** Where files are kept from one time to the next. */
  readonly folder: string;
  readonly signal: AbortSignal;
  readonly now: () => Date;
  /**
   * Looks at what came, before it takes the place of what was fetched the last time; throws where it is not what was asked for. `isWhole`: the server told
   * its length, which it has.
   */
  check?(file: { readonly path: string; readonly sha256: string; readonly isWhole: boolean }): Promise<void>;
  onProgress(url: string, bytes: number, total: number | undefined): void;
}

/** Bytes of one file; the whole of OSV has about 1 GB. */
const maxBytes = 8_000_000_000;

/** What was kept of a file that was cut. */
interface Part {
  readonly path: string;
  readonly note: Note;
  readonly bytes: number;
}

/**
 * Fetches a file: nothing when it has not changed, only the rest when it was cut before. Throws when it cannot be had, or is refused; what was
 * fetched the last time is kept then.
 */
export async function download(url: string, options: DownloadOptions): Promise<Download> {
  mkdirSync(options.folder, { recursive: true, mode: 0o700 });
  const path = join(options.folder, fileName(url));
  const partPath = `${path}.part`;
  const [known, part] = [knownAt(path), partAt(partPath)];
  const response = await ask(url, requestHeaders(known, part), options.signal);
  if (response.status === 304 && known !== undefined) {
    const unchanged = { ...known, path, isUnchanged: true };
    await options.check?.({ ...unchanged, isWhole: true });
    removePart(partPath);
    return unchanged;
  }
  if (part !== undefined && !goesOn(response, part)) {
    // What it has cannot be joined to what was kept: begin again.
    await response.body?.cancel();
    removePart(partPath);
    return download(url, options);
  }
  if (!response.ok || response.body === null) {
    throw new VakthundError('EVIDENCE_READ', `${url} answered ${response.status} ${response.statusText}`.trimEnd());
  }
  const isRest = response.status === 206 && part !== undefined;
  const range = rangeOf(response);
  if (!isRest && range !== undefined && range.start !== 0) {
    await response.body.cancel();
    throw new VakthundError('EVIDENCE_READ', `${url} answered with another part of the file`);
  }
  const note = { ...(isRest ? part.note : {}), ...notesOf(response, url) };
  writeFileSync(`${partPath}.json`, JSON.stringify(note), { mode: 0o600 });
  await save(response, partPath, isRest, (bytes, total) => options.onProgress(url, bytes, total));
  const bytes = statSync(partPath).size;
  if (range?.total !== undefined && bytes !== range.total) {
    if (bytes > range.total) removePart(partPath);
    throw new VakthundError('EVIDENCE_READ', `${url} gave ${bytes} bytes of ${range.total}`);
  }
  const done = { ...note, sha256: await sha256Of(partPath), bytes, fetchedAt: options.now().toISOString() };
  await take(partPath, path, async (file) =>
    options.check?.({ path: file, sha256: done.sha256, isWhole: isWhole(response) }),
  );
  writeFileSync(`${path}.json`, JSON.stringify(done), { mode: 0o600 });
  return { ...done, path, isUnchanged: false };
}

/** Puts a whole file into its place, when the check lets it pass. It is looked at under a name that ends as its own does. */
async function take(partPath: string, path: string, check: (path: string) => Promise<void>): Promise<void> {
  const newPath = join(dirname(path), `new-${basename(path)}`);
  renameSync(partPath, newPath);
  rmSync(`${partPath}.json`, { force: true });
  try {
    await check(newPath);
    renameSync(newPath, path);
  } finally {
    rmSync(newPath, { force: true });
  }
}

/** The file of the last time; undefined when it is not there as its note says. */
function knownAt(path: string): Note | undefined {
  const note = readNote(`${path}.json`);
  return note !== undefined && statSync(path, { throwIfNoEntry: false })?.size === note.bytes ? note : undefined;
}

function partAt(path: string): Part | undefined {
  const note = readNote(`${path}.json`);
  const bytes = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  return note === undefined || bytes === 0 ? undefined : { path, note, bytes };
}

function removePart(path: string): void {
  rmSync(path, { force: true });
  rmSync(`${path}.json`, { force: true });
}

/** Whether an answer can follow on a part: the whole file can, or the rest of the same file; one that failed leaves the part for the next time. */
function goesOn(response: Response, { note, bytes }: Part): boolean {
  if (response.status === 416) return false;
  if (response.status !== 206) return true;
  const { etag, 'last-modified': lastModified } = Object.fromEntries(response.headers);
  const isSame =
    note.etag === undefined || etag === undefined
      ? note.lastModified === undefined || lastModified === undefined || lastModified === note.lastModified
      : etag === note.etag;
  return isSame && (rangeOf(response)?.start ?? bytes) === bytes;
}

/** Whether the end of the answer is known to be that of the file (RFC 9112, 6.3): one without a length may have been cut. */
function isWhole({ headers }: Response): boolean {
  return headers.has('content-length') || headers.has('transfer-encoding') || headers.has('content-range');
}

/** Addresses that lead from one to the next. */
const maxRedirects = 5;

/** Follows redirects, of which none leads out of TLS, to anything but HTTP, or to an address that only this machine or its cloud gives out. */
async function ask(url: string, headers: Record<string, string>, signal: AbortSignal): Promise<Response> {
  let at = new URL(url);
  for (let hops = 0; hops <= maxRedirects; hops++) {
    // Ranges count bytes of what is stored, so it must come as it is.
    const init: RequestInit = { headers: { ...headers, 'accept-encoding': 'identity' }, signal, redirect: 'manual' };
    const response = await fetch(at, init);
    const target = redirectOf(response, at);
    if (target === undefined) return response;
    await response.body?.cancel();
    const fault = redirectFault(at, target);
    if (fault !== undefined) throw new VakthundError('EVIDENCE_READ', `${url} leads to ${target.href}: ${fault}`);
    at = target;
  }
  throw new VakthundError('EVIDENCE_READ', `${url} leads on more than ${maxRedirects} times`);
}

function redirectOf({ status, headers }: Response, from: URL): URL | undefined {
  const location = headers.get('location');
  if (status < 301 || status === 304 || status > 308 || location === null) return undefined;
  return URL.canParse(location, from.href) ? new URL(location, from) : undefined;
}

const ownNetworks = createLocalNetworks(['127.0.0.0/8', '0.0.0.0/8', '169.254.0.0/16', '::1/128', 'fe80::/10']);

function redirectFault(from: URL, to: URL): string | undefined {
  if (to.protocol !== 'https:' && to.protocol !== 'http:') return `${to.protocol} is not fetched`;
  if (from.protocol === 'https:' && to.protocol === 'http:') return 'out of TLS';
  const isOwn = ({ hostname }: URL): boolean =>
    hostname === 'localhost' || ownNetworks.isLocal(hostname.replace(/^\[|\]$/g, ''));
  return isOwn(to) && to.host !== from.host ? 'an address of this machine or its link' : undefined;
}

/** The file as it was fetched the last time; undefined when it never was. */
export function lastDownload(url: string, folder: string): Download | undefined {
  const path = join(folder, fileName(url));
  const note = knownAt(path);
  return note === undefined ? undefined : { ...note, path, isUnchanged: true };
}

type Note = Omit<Download, 'path' | 'isUnchanged'>;

/** Only the rest of the very same file is asked for. */
function requestHeaders(known: Note | undefined, part: Part | undefined): Record<string, string> {
  const validator = part?.note.etag ?? part?.note.lastModified;
  if (part !== undefined && validator !== undefined && !validator.startsWith('W/')) {
    return { range: `bytes=${part.bytes}-`, 'if-range': validator };
  }
  return {
    ...(known?.etag === undefined ? {} : { 'if-none-match': known.etag }),
    ...(known?.lastModified === undefined ? {} : { 'if-modified-since': known.lastModified }),
  };
}

/** Where a part of a file begins, and how long the whole is, as far as the server tells (RFC 9110, 14.4). */
function rangeOf({ status, headers }: Response): { readonly start: number; readonly total?: number } | undefined {
  if (status !== 206) return undefined;
  const told = /^bytes (?<start>\d+)-\d+\/(?<total>\d+|\*)/.exec(headers.get('content-range') ?? '')?.groups;
  if (told === undefined) return undefined;
  const total = Number(told['total']);
  return { start: Number(told['start']), ...(Number.isSafeInteger(total) ? { total } : {}) };
}

/** Bytes of a file that came before it was cut; the next `download` goes on behind them. 0 when there are none. */
export function partlyFetched(url: string, folder: string): number {
  return statSync(`${join(folder, fileName(url))}.part`, { throwIfNoEntry: false })?.size ?? 0;
}

function notesOf(response: Response, url: string): Pick<Note, 'url' | 'etag' | 'lastModified'> {
  const [etag, lastModified] = [response.headers.get('etag'), response.headers.get('last-modified')];
  return { url, ...(etag === null ? {} : { etag }), ...(lastModified === null ? {} : { lastModified }) };
}

async function save(
  response: Response,
  path: string,
  isRest: boolean,
  onBytes: (bytes: number, total: number | undefined) => void,
): Promise<void> {
  const length = Number(response.headers.get('content-length') ?? Number.NaN);
  let bytes = isRest ? statSync(path).size : 0;
  const total = Number.isNaN(length) ? undefined : bytes + length;
  const body = Readable.fromWeb(response.body as ReadableStream<Uint8Array>);
  const count = async function* (chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks) {
      bytes += chunk.length;
      if (bytes > maxBytes) throw new VakthundError('EVIDENCE_LIMIT', `it is larger than ${formatBytes(maxBytes)}`);
      onBytes(bytes, total);
      yield chunk;
    }
  };
  await pipeline(body, count, createWriteStream(path, { flags: isRest ? 'a' : 'w', mode: 0o600 }));
}

/** Name on disk: the end of the address for people, and a hash that keeps addresses apart. */
function fileName(url: string): string {
  const hash = createHash('sha256').update(url).digest('hex').slice(0, 12);
  const tail = new URL(url).pathname
    .split('/')
    .filter(Boolean)
    .slice(-2)
    .join('-')
    .replaceAll(/[^\w.-]/g, '_');
  return `${hash}-${tail.slice(-80)}`;
}

function readNote(path: string): Note | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Note;
  } catch {
    return undefined;
  }
}

export async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
