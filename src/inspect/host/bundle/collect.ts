import type { KeyObject } from 'node:crypto';
import { hostname } from 'node:os';
import { messageOf } from '../../../base/errors.ts';
import { version } from '../../../base/version.ts';
import { FolderTree } from '../../tree/folder-tree.ts';
import { RecordingTree } from '../../tree/recording-tree.ts';
import { nameOf, type TreeEntry } from '../../tree/tree.ts';
import { foreignMounts } from '../foreign-mounts.ts';
import { inspectHost } from '../inspect-host.ts';
import { isLocalProgram } from '../../../match/commands/paths.ts';
import { LiveHost, type LiveScope } from '../proc/live-host.ts';
import { ProcFolder } from '../proc/proc-folder.ts';
import { RecordingProc } from '../proc/recorded-proc.ts';
import { TableContext } from '../table-context.ts';
import { BundleWriter } from './bundle-writer.ts';
import { fileRow } from './file-row.ts';
import { logFiles } from './log-files.ts';
import { bundleNames, bundleSchema, type CollectLimits, type Manifest } from './manifest.ts';
import { hashedPrograms, recordTables, snapshotLine } from './record-tables.ts';

export interface CollectOptions {
  /** `/`, this machine, or the folder of a root. */
  readonly root: string;
  /** Processes that belong to it; undefined when nothing runs there. */
  readonly scope: LiveScope | undefined;
  readonly limits: CollectLimits;
  readonly hasLogs: boolean;
  /** Signs the manifest. */
  readonly key?: KeyObject;
  readonly signal?: AbortSignal;
  readonly onProgress?: (what: string, done: number, total: number) => void;
}

export interface Collected {
  readonly manifest: Manifest;
  /** SHA-256 of the bundle. */
  readonly sha256: string;
  readonly bytes: number;
}

/** Share of the time after which it is not looked any further: what was seen is still to be read and written. */
const lookShare = 0.7;
/** A program larger than that is taken without its digest. */
const maxHashedBytes = 2 ** 30;
/** A longer local program is taken without its content. */
const maxScriptBytes = 2 ** 16;

/**
 * Takes from a machine what inspecting, asking and hunting need, and writes it into one file: it runs the inspection and the tables
 * themselves, and takes along whatever they looked at. Nothing of the machine is changed, and nothing of it is run.
 */
export async function collectBundle(path: string, options: CollectOptions): Promise<Collected> {
  const collection = new Collection(options);
  // Before the long look, so that a place that cannot be written is told at once.
  const writer = new BundleWriter(path);
  collection.look();
  await collection.lookAtTables(writer);
  await collection.write(writer);
  const manifest = collection.manifest(writer);
  return { manifest, sha256: await writer.end(manifest, options.key), bytes: writer.bytes };
}

class Collection {
  readonly #options: CollectOptions;
  readonly #started = new Date();
  readonly #began = performance.now();
  readonly #stop = new AbortController();
  readonly #tree: RecordingTree;
  readonly #proc = new RecordingProc();
  readonly #live: LiveHost | undefined;
  readonly #refused: { path: string; why: string }[] = [];
  readonly #notChecked: { what: string; why: string }[] = [];
  readonly #host: string;

  constructor(options: CollectOptions) {
    const { root, scope, signal } = options;
    this.#options = options;
    signal?.addEventListener('abort', () => this.#stop.abort(signal.reason), { once: true });
    const folder = new FolderTree(root);
    this.#tree = new RecordingTree(folder, () => this.#mind());
    this.#live = scope === undefined ? undefined : new LiveHost(this.#proc, scope);
    const named = root === '/' ? hostname() : (folder.read('/etc/hostname', 256)?.toString('utf8').trim() ?? '');
    this.#host = /^[\w.-]{1,253}$/.test(named) ? named : 'unknown';
  }

  /** Inspects: what the techniques look at is what is worth taking. */
  look(): void {
    const { root, onProgress } = this.#options;
    const live = this.#live;
    const inspection = this.#within('the inspection', () =>
      inspectHost(this.#tree, {
        ...(live === undefined ? {} : { live }),
        foreign: foreignMounts(this.#proc, root),
        signal: this.#stop.signal,
        ...(onProgress === undefined ? {} : { onProgress }),
      }),
    );
    for (const { at, message } of inspection?.problems ?? []) this.#refuse(at.path ?? '', message);
    this.#within('digests of programs', () => this.#hashPrograms());
  }

  async lookAtTables(writer: BundleWriter): Promise<void> {
    const context = new TableContext(this.#tree, { proc: this.#proc });
    const add = (table: Parameters<typeof snapshotLine>[0]): Promise<void> =>
      writer.add(`${bundleNames.tables}${table.name}.json`, snapshotLine(table, this.#host, this.#started));
    for await (const table of recordTables(context, (what, why) => this.#notChecked.push({ what, why }))) {
      await add(table);
      if (table.isCut) this.#notChecked.push({ what: `table ${table.name}`, why: 'it has more rows than are kept' });
      if (this.#isLate()) break;
    }
    for (const { at, message } of context.drainProblems()) this.#refuse(at.path ?? '', message);
    const processes = this.#live?.processes() ?? [];
    if (processes.length > 0) await add(hashedPrograms(this.#tree, new ProcFolder(), processes));
  }

  /** Contents: what was read, the shortest first, then logs, the newest first; then the list of names. */
  async write(writer: BundleWriter): Promise<void> {
    const logs = this.#options.hasLogs ? logFiles(this.#tree) : [];
    // A log of which somebody read the head is wanted whole.
    const whole = new Set(logs.map(({ path }) => path));
    const wanted = [...this.#tree.extents].filter(([path]) => !whole.has(path));
    wanted.sort((left, right) => left[1] - right[1]);
    for (const [path, extent] of wanted) await this.#addFile(writer, path, extent);
    for (const { path, size } of logs) await this.#addFile(writer, path, size);
    const { entries } = this.#tree;
    await addLines(writer, bundleNames.files, entries.values(), (entry) => fileRow(entry, this.#tree));
    await addLines(writer, bundleNames.proc, this.#proc.answers(), (answer) => JSON.stringify(answer));
  }

  manifest({ members }: BundleWriter): Manifest {
    const { root, scope, limits } = this.#options;
    return {
      schema: bundleSchema,
      version,
      host: this.#host,
      root,
      kind: root === '/' ? 'live' : 'folder',
      started: this.#started.toISOString(),
      ended: new Date().toISOString(),
      limits,
      ...(scope === undefined ? {} : { scope }),
      members,
      refused: this.#refused,
      notChecked: this.#notChecked,
    };
  }

  async #addFile(writer: BundleWriter, path: string, extent: number): Promise<void> {
    const { fileBytes, totalBytes } = this.#options.limits;
    if (this.#isLate()) return this.#refuse(path, 'the time was over');
    if (writer.bytes + Math.min(extent, fileBytes) > totalBytes) return this.#refuse(path, 'the bundle is full');
    const bytes = this.#tree.read(path, Math.min(extent, fileBytes));
    if (bytes === undefined) return this.#refuse(path, 'it could not be read');
    if (isPrivateKey(bytes)) return this.#refuse(path, 'it is a private key');
    const entry = this.#tree.lstat(path);
    const size = entry?.size ?? bytes.length;
    const of = size > bytes.length ? { of: size } : {};
    await writer.add(`${bundleNames.root}${path.slice(1)}`, bytes, {
      ...(entry === undefined ? {} : { entry }),
      ...of,
    });
  }

  /** Programs and libraries: what lists of bad files name. */
  #hashPrograms(): void {
    for (const entry of this.#tree.entries.values()) {
      if (this.#isLate(lookShare)) throw new Error('the time was over');
      if (!isProgram(entry) || entry.size > maxHashedBytes) continue;
      this.#tree.digest(entry.path, 'sha256');
      if (isLocalProgram(entry.path)) this.#takeLocal(entry);
    }
  }

  /** Of programs that no package has, lists name any digest, and scripts among them are short enough to be taken along. */
  #takeLocal({ path, size }: TreeEntry): void {
    for (const name of ['md5', 'sha1']) this.#tree.digest(path, name);
    if (size <= maxScriptBytes) this.#tree.read(path, maxScriptBytes);
  }

  /** A part that runs out of time is told and leaves what it saw. */
  #within<T>(what: string, work: () => T): T | undefined {
    try {
      return work();
    } catch (error) {
      this.#options.signal?.throwIfAborted();
      this.#notChecked.push({ what, why: messageOf(error) });
      return undefined;
    }
  }

  /** The look does not wait for anything, so that no timer ends it. */
  #mind(): void {
    if (this.#isLate(lookShare) && !this.#stop.signal.aborted) this.#stop.abort(new Error('the time was over'));
  }

  /** Whether a share of the time is over. */
  #isLate(share = 1): boolean {
    return performance.now() - this.#began > this.#options.limits.seconds * 1000 * share;
  }

  #refuse(path: string, why: string): void {
    this.#refused.push({ path, why });
  }
}

/** Keys of accounts and services would be a second theft: what a bundle is for does not need them. */
function isPrivateKey(bytes: Buffer): boolean {
  return /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----/.test(bytes.toString('latin1', 0, 4096));
}

function isProgram(entry: TreeEntry): boolean {
  if (entry.type !== 'file' || entry.path.startsWith('/proc/') || entry.path.startsWith('/sys/')) return false;
  return (entry.mode & 0o111) !== 0 || /\.(?:so|ko)(?:\.|$)/.test(nameOf(entry.path));
}

/** Lines in members of some thousand each, so that a large machine needs no large memory. */
async function addLines<T>(
  writer: BundleWriter,
  folder: string,
  items: Iterable<T>,
  lineOf: (item: T) => string,
): Promise<void> {
  let lines: string[] = [];
  let part = 0;
  const flush = (): Promise<void> => {
    const name = `${folder}${String(++part).padStart(5, '0')}.jsonl`;
    return writer.add(name, Buffer.from(lines.map((line) => `${line}\n`).join('')));
  };
  for (const item of items) {
    lines.push(lineOf(item));
    if (lines.length < linesOfMember) continue;
    await flush();
    lines = [];
  }
  if (lines.length > 0) await flush();
}

const linesOfMember = 20_000;
