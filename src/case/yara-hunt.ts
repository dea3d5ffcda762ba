import { createHash } from 'node:crypto';
import { closeSync, createReadStream, openSync, readSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '../base/errors.ts';
import { formatBytes } from '../base/bytes.ts';
import { ProblemList, type Problem } from '../base/problem.ts';
import type { Micros } from '../base/time.ts';
import { readContent, readHead } from '../collect/open/content.ts';
import type { Leaf } from '../collect/open/leaf.ts';
import type { OpenLimits } from '../collect/open/limits.ts';
import { openFile } from '../collect/open/open-file.ts';
import { walkEvidence } from '../collect/open/walk.ts';
import type { CarriedContent, Source } from '../collect/source.ts';
import type { EventOf } from '../events/event.ts';
import type { Reason } from '../events/finding.ts';
import type { Claim } from '../inspect/claim.ts';
import { yaraClaim } from '../inspect/files/yara-claim.ts';
import type { YaraRules } from '../match/yara/yara.ts';
import { findSource } from './find-source.ts';
import type { InspectedFile, Progress } from './service.ts';

const headBytes = 65_536;
/** Of a file of evidence, and of one that a capture carries. */
const maxScannedBytes = 256_000_000;
const maxCarriedBytes = 32_000_000;
/** Files told of one rule: one that matches everything would bury the others. */
const maxFilesPerRule = 200;

export interface YaraHuntOptions {
  readonly limits: OpenLimits;
  /** Folder for members of archives and files out of captures; made and removed by the caller. */
  readonly spoolFolder: string;
  /** Files that are passed over: those of the rules match themselves. */
  readonly except: ReadonlySet<string>;
  readonly signal: AbortSignal | undefined;
  onProgress(progress: Progress): void;
}

export interface YaraHuntResult {
  readonly claims: readonly Claim[];
  readonly problems: readonly Problem[];
  /** The files that claims point at. */
  readonly files: readonly InspectedFile[];
  /** Contents that the rules were asked about. */
  readonly scanned: number;
}

/**
 * Asks rules of YARA about every file below the paths, about what stands in archives, and about the files that captures carry
 * (which are read for that, not scanned as they are).
 */
export async function huntYara(
  paths: readonly string[],
  rules: YaraRules,
  options: YaraHuntOptions,
): Promise<YaraHuntResult> {
  const hunt = new YaraHunt(rules, options);
  await hunt.run(paths);
  return hunt.result();
}

/** What is told of a content besides its path. */
interface ContentFacts {
  readonly time?: Micros | undefined;
  readonly facts?: readonly Reason[];
  readonly line?: number;
}

class YaraHunt {
  readonly #rules: YaraRules;
  readonly #options: YaraHuntOptions;
  readonly #claims: Claim[] = [];
  readonly #problems = new ProblemList();
  readonly #files = new Map<string, InspectedFile>();
  readonly #filesOfRule = new Map<string, number>();
  #scanned = 0;

  constructor(rules: YaraRules, options: YaraHuntOptions) {
    this.#rules = rules;
    this.#options = options;
  }

  async run(paths: readonly string[]): Promise<void> {
    const files: { file: string; size: number }[] = [];
    for (const found of walkEvidence(paths)) {
      if ('problem' in found) this.#problems.add(found.problem);
      else if (!this.#options.except.has(found.file)) files.push(found);
    }
    const total = files.reduce((sum, { size }) => sum + size, 0);
    let done = 0;
    for (const { file, size } of files) {
      this.#options.onProgress({ phase: 'ingest', what: file, done, total });
      await this.#guard(file, () => this.#file(file));
      done += size;
    }
  }

  result(): YaraHuntResult {
    for (const [rule, count] of this.#filesOfRule) {
      if (count <= maxFilesPerRule) continue;
      const message = `${rule} matches ${count} contents; the first ${maxFilesPerRule} are told`;
      this.#problems.add({ code: 'limit-reached', at: {}, message });
    }
    const problems = this.#problems.drain();
    return { claims: this.#claims, problems, files: [...this.#files.values()], scanned: this.#scanned };
  }

  /** What fails of one content costs nothing of the others. */
  async #guard(path: string, work: () => Promise<void>): Promise<void> {
    this.#options.signal?.throwIfAborted();
    try {
      await work();
    } catch (error) {
      if (this.#options.signal?.aborted === true) throw error;
      this.#problems.add({ code: 'unreadable', at: { path }, message: messageOf(error) });
    }
  }

  async #file(path: string): Promise<void> {
    let isArchive = true;
    for await (const opened of openFile(path, this.#options)) {
      if ('problem' in opened) {
        this.#problems.add(opened.problem);
        continue;
      }
      const leaf = asItStands(opened.leaf);
      if (leaf.diskPath === path) isArchive = false;
      await this.#guard(leaf.path, () => this.#leaf(leaf));
    }
    // Of an archive the file itself too: rules tell packed and encrypted ones by their look.
    if (isArchive) await this.#scan(createReadStream(path), path, {});
  }

  async #leaf(leaf: Leaf): Promise<void> {
    const label = leaf.path;
    const carrier = await this.#carrierOf(leaf);
    const { diskPath, compression } = leaf;
    const isSmall = compression === 'none' && statSync(diskPath).size <= headBytes;
    // Most files are small, and a stream for each costs more than the rules do.
    const content = isSmall ? one(startOf(diskPath, headBytes)) : this.#open(leaf, label);
    const files = carrier?.carried?.(content, maxCarriedBytes);
    if (files === undefined) await this.#scan(content, label, { time: leaf.modified });
    else for await (const file of files) await this.#carried(file, label);
  }

  async #carrierOf(leaf: Leaf): Promise<Source | undefined> {
    const content = readContent(leaf.diskPath, leaf.compression, this.#options.limits, () => undefined);
    const isPlain = leaf.compression === 'none';
    const head = isPlain ? startOf(leaf.diskPath, headBytes) : await readHead(content, headBytes);
    const source = findSource(leaf.path, head);
    return source?.carried === undefined ? undefined : source;
  }

  #open({ diskPath, compression }: Leaf, label: string): AsyncIterable<Uint8Array> {
    return readContent(diskPath, compression, this.#options.limits, (problem) =>
      this.#problems.add({ ...problem, at: { ...problem.at, path: label } }),
    );
  }

  /** A file out of a capture, and what stands in it when it is an archive. */
  async #carried({ event, bytes, isWhole }: CarriedContent, capture: string): Promise<void> {
    const label = `${capture}!${labelOf(event)}`;
    const told = { time: event.time, line: event.evidence_at ?? 0, facts: factsOf(event, isWhole) };
    await this.#guard(label, async () => {
      await this.#scan(one(bytes), label, told);
      const path = join(this.#options.spoolFolder, 'carried');
      try {
        writeFileSync(path, bytes, { mode: 0o600 });
        await this.#insideOf(path, label, told);
      } finally {
        rmSync(path, { force: true });
      }
    });
  }

  async #insideOf(path: string, label: string, told: ContentFacts): Promise<void> {
    for await (const opened of openFile(path, this.#options)) {
      if ('problem' in opened) {
        this.#problems.add({ ...opened.problem, at: { ...opened.problem.at, path: label } });
        continue;
      }
      const { leaf } = opened;
      const inner = `${label}${leaf.path.slice(path.length)}`;
      const isItself = leaf.diskPath === path && leaf.compression === 'none';
      if (!isItself) await this.#scan(this.#open(leaf, inner), inner, told);
    }
  }

  async #scan(content: AsyncIterable<Uint8Array>, path: string, told: ContentFacts): Promise<void> {
    const { bytes, isCut } = await collect(content, maxScannedBytes, this.#options.signal);
    if (isCut) {
      const message = `only the first ${formatBytes(maxScannedBytes)} were shown to the rules`;
      this.#problems.add({ code: 'limit-reached', at: { path }, message });
    }
    this.#scanned++;
    const matches = this.#rules.scan(bytes);
    if (matches.length === 0) return;
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    for (const match of matches) {
      const count = (this.#filesOfRule.get(match.rule) ?? 0) + 1;
      this.#filesOfRule.set(match.rule, count);
      if (count <= maxFilesPerRule) this.#claims.push(yaraClaim(match, { path, sha256, ...told }));
    }
    this.#files.set(path, { path, sha256, size: bytes.length });
  }
}

/** The first bytes of a file on disk, at most `length`. */
function startOf(path: string, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(length);
  const file = openSync(path, 'r');
  try {
    return bytes.subarray(0, readSync(file, bytes, 0, length, 0));
  } finally {
    closeSync(file);
  }
}

/** Rules say themselves whether they mean text in UTF-16. */
function asItStands(leaf: Leaf): Leaf {
  return leaf.compression === 'utf16' ? { ...leaf, compression: 'none' } : leaf;
}

async function* one(bytes: Buffer): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(bytes);
}

async function collect(
  content: AsyncIterable<Uint8Array>,
  maxBytes: number,
  signal: AbortSignal | undefined,
): Promise<{ readonly bytes: Buffer; readonly isCut: boolean }> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of content) {
    signal?.throwIfAborted();
    const part = chunk.subarray(0, maxBytes - bytes);
    parts.push(part);
    bytes += part.length;
    if (part.length < chunk.length) return { bytes: Buffer.concat(parts, bytes), isCut: true };
  }
  return { bytes: Buffer.concat(parts, bytes), isCut: false };
}

/** The id tells two files of one name apart. */
function labelOf({ file_name: name, file_uid: uid }: EventOf<'file_transfer'>): string {
  return name === null ? (uid ?? 'file') : `${uid ?? ''}/${name.slice(0, 200)}`;
}

function factsOf(event: EventOf<'file_transfer'>, isWhole: boolean): Reason[] {
  const { source_ip: source, source_port: sourcePort, destination_ip: destination } = event;
  const ways = [`${source ?? ''}:${sourcePort ?? ''}`, `${destination ?? ''}:${event.destination_port ?? ''}`];
  if (event.file_from_source !== true) ways.reverse();
  return [
    {
      what: 'sent',
      value: `${ways.join(' to ')} by ${event.network_protocol ?? event.network_transport ?? 'network'}`,
    },
    ...(event.url_original === null ? [] : [{ what: 'URL', value: event.url_original.slice(0, 500) }]),
    ...(isWhole
      ? []
      : [{ what: 'scanned', value: 'only its beginning: the rest is missing, or too large to be kept' }]),
  ];
}
