import { hash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { formatBytes } from '../../../base/bytes.ts';
import { ProblemList } from '../../../base/problem.ts';
import type { IndicatorMatcher } from '../../../match/indicators/matcher.ts';
import type { YaraRules } from '../../../match/yara/yara.ts';
import type { Claim, Inspection } from '../../claim.ts';
import { yaraClaim } from '../../files/yara-claim.ts';
import type { FileTree, TreeEntry } from '../../tree/tree.ts';
import { digestsOf } from '../digests.ts';
import type { ForeignMounts } from '../foreign-mounts.ts';
import type { LiveHost } from '../proc/live-host.ts';
import { Lists, type HashName } from './hits.ts';
import { placeOfName, sweepClaim, sweepDetectors } from './sweep-claims.ts';
import { sweepProcesses } from './sweep-processes.ts';
import { walkInOrder } from './walk-order.ts';

export interface SweepOptions {
  readonly matcher?: IndicatorMatcher;
  readonly yara?: YaraRules;
  readonly live?: LiveHost | undefined;
  readonly foreign?: ForeignMounts;
  /** SHA-256 of programs by process, of a machine that does not run here. */
  readonly programs?: ReadonlyMap<number, string>;
  readonly host?: string | undefined;
  /** Files that are passed over: the lists themselves name what they list. */
  readonly except?: ReadonlySet<string>;
  readonly limits?: Partial<SweepLimits>;
  readonly signal?: AbortSignal;
  readonly onProgress?: (what: string, bytes: number) => void;
}

export interface SweepLimits {
  readonly seconds: number;
  /** Of one file: a longer one gets no digest; is not searched; is not shown to rules of YARA. */
  readonly hashBytes: number;
  readonly textBytes: number;
  readonly yaraBytes: number;
  readonly claims: number;
}

const defaultLimits: SweepLimits = {
  seconds: 1800,
  hashBytes: 2 ** 32,
  textBytes: 2 ** 26,
  yaraBytes: 2 ** 26,
  claims: 10_000,
};

/** The kernel's own; everything else is looked at, containers' files too. */
const kernelFolders: ReadonlySet<string> = new Set(['/proc', '/sys', '/dev/pts']);
/** Programs, documentation and databases of packages: they name half of the world, and their digests are held against the lists anyway. */
const dull =
  /^\/(?:usr\/(?:share|lib\d*|libexec|include|src|bin|sbin)|lib\d*|bin|sbin|var\/(?:lib\/(?:dpkg|apt|rpm)|cache)|etc\/(?:ssl\/certs|alternatives)|boot)\//;
/** Files between two breaths, in which a key press can stop the work. */
const filesAtOnce = 256;
const maxUnpackedBytes = 2 ** 27;
/** Remembered at most: of more, further names of a file are read again. */
const maxLinked = 2_000_000;

/** Looks for what lists name and rules of YARA know in everything of a tree, and in what runs there. */
export async function sweepTree(tree: FileTree, options: SweepOptions): Promise<Inspection> {
  const run = new SweepRun(tree, options);
  await run.lookAtFiles();
  return run.finish();
}

class SweepRun {
  readonly #tree: FileTree;
  readonly #options: SweepOptions;
  readonly #limits: SweepLimits;
  readonly #lists: Lists | undefined;
  readonly #claims: Claim[] = [];
  readonly #problems = new ProblemList();
  readonly #notChecked: { what: string; why: string }[] = [];
  readonly #skipped = { hash: 0, text: 0, yara: 0, packed: 0 };
  /** Files with several names that were looked at. */
  readonly #linked = new Set<string>();
  #files = 0;
  /** Of the files that were looked at. */
  #bytes = 0;
  #isFull = false;

  constructor(tree: FileTree, options: SweepOptions) {
    this.#tree = tree;
    this.#options = options;
    this.#limits = { ...defaultLimits, ...options.limits };
    this.#lists = options.matcher === undefined ? undefined : new Lists(options.matcher);
    const { live, host, programs } = options;
    if (this.#lists === undefined) return;
    if (live === undefined) {
      this.#notChecked.push({ what: 'processes and connections', why: 'nothing runs in what was looked at' });
    } else for (const claim of sweepProcesses({ tree, live, lists: this.#lists, host, programs })) this.#tell(claim);
  }

  /** Ends early, and says with what, when the time is over or the user stops it: what was found until then is told. */
  async lookAtFiles(): Promise<void> {
    const { foreign, signal, onProgress, except } = this.#options;
    const until = performance.now() + this.#limits.seconds * 1000;
    const enter = ({ path }: TreeEntry): boolean => !kernelFolders.has(path) && foreign?.folders.has(path) !== true;
    const walk = walkInOrder(this.#tree, enter);
    for (const entry of walk.entries) {
      this.#byName(entry);
      if (entry.type !== 'file') continue;
      if (this.#files++ % filesAtOnce === 0) {
        await setImmediate();
        onProgress?.(entry.path, this.#bytes);
      }
      if (signal?.aborted === true || performance.now() > until) {
        const end = signal?.aborted === true ? 'it was stopped' : `the time was over after ${this.#limits.seconds} s`;
        const left = walk.left();
        this.#notChecked.push({
          what: `${left === '' ? '' : `${left}, and `}files from ${entry.path} on`,
          why: `${end}: ${this.#files - 1} files with ${formatBytes(this.#bytes)} were looked at`,
        });
        return;
      }
      if (except?.has(entry.path) === true || this.#isSecondName(entry)) continue;
      this.#bytes += entry.size;
      this.#lookAt(entry);
    }
  }

  /** A file has one content, whatever names it has. */
  #isSecondName({ links = 1, device, inode }: TreeEntry): boolean {
    if (links < 2 || device === undefined || inode === undefined) return false;
    const key = `${device}:${inode}`;
    if (this.#linked.has(key)) return true;
    if (this.#linked.size < maxLinked) this.#linked.add(key);
    return false;
  }

  finish(): Inspection {
    const { foreign, yara } = this.#options;
    const { hash: hashes, text, yara: scanned, packed } = this.#skipped;
    const tooLarge = (count: number, what: string, bytes: number): void => {
      if (count === 0) return;
      this.#notChecked.push({ what: `${what} of ${count} files`, why: `they are larger than ${formatBytes(bytes)}` });
    };
    tooLarge(hashes, 'digests', this.#limits.hashBytes);
    tooLarge(text, 'the text', this.#limits.textBytes);
    if (packed > 0) {
      const why = `they are damaged, or longer than ${formatBytes(maxUnpackedBytes)}`;
      this.#notChecked.push({ what: `the text in ${packed} files packed with gzip`, why });
    }
    tooLarge(scanned, 'rules of YARA on the content', this.#limits.yaraBytes);
    for (const [list, { first, count }] of this.#lists?.keptBack ?? []) {
      const what = `${count} places with a listed value, such as ${first}`;
      const why = `the warning list ${list} has it: analytics.indicator.warning_lists_off switches that off`;
      this.#notChecked.push({ what, why });
    }
    for (const { path, type } of foreign?.told ?? []) {
      this.#notChecked.push({ what: path, why: `another file system (${type}) is mounted there: name it with --root` });
    }
    for (const { code, path, message } of this.#tree.drainProblems()) {
      this.#problems.add({ code, at: { path }, message });
    }
    return {
      subject: this.#tree.name,
      by: 'hunt --ioc',
      claims: this.#claims,
      problems: this.#problems.drain(),
      notChecked: this.#notChecked,
      ran: [...(this.#lists === undefined ? [] : sweepDetectors), ...(yara === undefined ? [] : ['files/yara'])],
    };
  }

  #lookAt(entry: TreeEntry): void {
    const { yara } = this.#options;
    const lists = this.#lists;
    const { hashBytes, textBytes, yaraBytes } = this.#limits;
    const wantsText = lists?.hasTexts === true && !dull.test(entry.path);
    if (entry.size > textBytes && wantsText) this.#skipped.text++;
    if (entry.size > yaraBytes && yara !== undefined) this.#skipped.yara++;
    const readBytes = Math.max(wantsText ? textBytes : 0, yara === undefined ? 0 : yaraBytes);
    const bytes = entry.size <= readBytes ? this.#tree.read(entry.path, readBytes) : undefined;
    if (lists !== undefined && lists.hashes.length > 0) {
      if (entry.size > hashBytes) this.#skipped.hash++;
      else this.#byDigest(entry, bytes, lists);
    }
    if (bytes === undefined) return;
    if (wantsText && bytes.length <= textBytes) this.#inText(entry, bytes, lists);
    if (yara !== undefined && bytes.length <= yaraBytes) this.#byRules(entry, bytes, yara);
  }

  /** Folders, links, sockets and pipes have names too. */
  #byName({ path, ctime, mtime }: TreeEntry): void {
    for (const ref of this.#lists?.byPath(path) ?? []) {
      const found = { place: placeOfName(ref), hit: { ref, seen: path }, path, time: ctime ?? mtime };
      this.#tell(sweepClaim({ ...found, host: this.#options.host }));
    }
  }

  #byDigest({ path, size, ctime, mtime }: TreeEntry, bytes: Buffer | undefined, lists: Lists): void {
    const digests = this.#digests(path, bytes?.length === size ? bytes : undefined, lists.hashes);
    for (const name of lists.hashes) {
      const hex = digests?.[name];
      for (const ref of hex === undefined ? [] : lists.byHash(name, hex)) {
        const hit = { ref, seen: hex ?? '' };
        const time = ctime ?? mtime;
        this.#tell(sweepClaim({ place: 'file', hit, path, host: this.#options.host, time, sha256: digests?.sha256 }));
      }
    }
  }

  #digests(
    path: string,
    bytes: Buffer | undefined,
    names: readonly HashName[],
  ): Partial<Record<HashName, string>> | undefined {
    if (bytes !== undefined) return Object.fromEntries(names.map((name) => [name, hash(name, bytes, 'hex')]));
    if (!('digest' in this.#tree)) return digestsOf(this.#tree, path, names);
    return Object.fromEntries(
      names.flatMap((name) => {
        const hex = this.#tree.digest?.(path, name);
        return hex === undefined ? [] : [[name, hex]];
      }),
    );
  }

  #inText({ path, ctime, mtime }: TreeEntry, bytes: Buffer, lists: Lists): void {
    const hits = lists.inBytes(this.#unpacked(bytes));
    if (hits.length === 0) return;
    const more = { path, host: this.#options.host, time: ctime ?? mtime, sha256: hash('sha256', bytes, 'hex') };
    const place = path.startsWith('/var/log/') ? 'log' : 'text';
    for (const hit of hits) this.#tell(sweepClaim({ place, hit, ...more }));
  }

  /** A rotated log is unpacked. */
  #unpacked(bytes: Buffer): Buffer {
    if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
    try {
      return gunzipSync(bytes, { maxOutputLength: maxUnpackedBytes });
    } catch {
      this.#skipped.packed++;
      return bytes;
    }
  }

  #byRules(entry: TreeEntry, bytes: Buffer, yara: YaraRules): void {
    const { path } = entry;
    const time = entry.ctime ?? entry.mtime;
    const sha256 = hash('sha256', bytes, 'hex');
    for (const match of yara.scan(bytes)) this.#tell(yaraClaim(match, { path, sha256, time }));
  }

  #tell(claim: Claim): void {
    if (this.#claims.length < this.#limits.claims) {
      this.#claims.push(claim);
      return;
    }
    const message = `more than ${this.#limits.claims} were found; the rest is not told`;
    if (!this.#isFull) this.#problems.add({ code: 'limit-reached', at: { path: claim.path }, message });
    this.#isFull = true;
  }
}
