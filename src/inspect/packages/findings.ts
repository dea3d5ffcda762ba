import { decodeUtf8 } from '../../base/bytes.ts';
import { messageOf } from '../../base/errors.ts';
import { ProblemList, quote, type ProblemCode } from '../../base/problem.ts';
import { linesOf } from '../tree/lines.ts';
import type { FileTree, TreeEntry } from '../tree/tree.ts';
import { FileBytes, type ByteSource } from './byte-source.ts';
import type { Catalogued } from './cataloger.ts';
import { packFiles } from './owned-files.ts';
import { maxNameLength, maxPackages, type FileList, type OwnedFile, type Package } from './package.ts';

/** A package as a cataloger knows it: what is not known may be left out or undefined. */
export type PackageFacts = Pick<Package, 'name' | 'version' | 'type' | 'purl' | 'foundBy' | 'locations'> & {
  readonly [Key in Exclude<keyof Package, 'name' | 'version' | 'type' | 'purl' | 'foundBy' | 'locations'>]?:
    | Package[Key]
    | undefined;
};

/** Metadata and lock files; the largest seen in the wild have some ten megabytes. A parsed one takes several times its size. */
const maxMetadataBytes = 2 ** 25;

/** Read by one cataloger in all: a tree may have a million lock files, each as large as it may be. */
const maxTotalBytes = 2 ** 32;

/** Files of all packages that one cataloger finds. A desktop with everything has half a million; each takes a hundred bytes and its path. */
const maxOwnedFiles = 2_000_000;

/** Counted, and told with the place of the first. */
interface LeftOut {
  readonly path: string;
  count: number;
}

/** What one cataloger finds in a tree: its packages and what it could not read. */
export class Findings {
  readonly #packages: Package[] = [];
  readonly #problems = new ProblemList();
  #bytesLeft = maxTotalBytes;
  #filesLeft = maxOwnedFiles;
  #packagesOut: LeftOut | undefined;
  #unread: LeftOut | undefined;
  #filesOut: LeftOut | undefined;

  /** How many owned files there is still room for. */
  get filesLeft(): number {
    return this.#filesLeft;
  }

  /** One without a name, or with an endless one, is a problem of its file; those past the bound are counted. */
  add(facts: PackageFacts): void {
    const path = facts.locations[0] ?? '';
    if (facts.name === '') this.problem(path, 'bad-record', 'a package has no name; it was skipped');
    else if (facts.name.length > maxNameLength || facts.version.length > maxNameLength) {
      this.problem(path, 'bad-record', `a name or version has more than ${maxNameLength} characters; it was skipped`);
    } else if (this.#packages.length >= maxPackages) this.#packagesOut = oneMore(this.#packagesOut, path);
    else this.#packages.push(toPackage({ ...facts, files: this.#owned(facts.files ?? [], path) }));
  }

  #owned(files: FileList, path: string): FileList {
    const isOver = files.length > this.#filesLeft;
    if (isOver) this.#filesOut = oneMore(this.#filesOut, path);
    const all = Array.isArray(files) ? (files as readonly OwnedFile[]) : [...files];
    const kept = isOver ? all.slice(0, this.#filesLeft) : all;
    this.#filesLeft -= kept.length;
    return packFiles(kept);
  }

  problem(path: string, code: ProblemCode, message: string, line?: number): void {
    this.#problems.add({ code, at: line === undefined ? { path } : { path, line }, message });
  }

  /** Bytes of a whole file. Undefined when it cannot be read (the tree says why); one that is too long is cut, with a problem. */
  bytes(tree: FileTree, entry: TreeEntry, maxBytes = maxMetadataBytes): Buffer | undefined {
    if (!this.#mayRead(entry, maxBytes)) return undefined;
    const bytes = tree.read(entry.path, maxBytes);
    this.#bytesLeft -= bytes?.length ?? 0;
    return bytes;
  }

  /** A file that is read in places, and is never whole in memory. One that is too long is cut, with a problem. */
  places(tree: FileTree, entry: TreeEntry, maxBytes: number): ByteSource | undefined {
    if (!this.#mayRead(entry, maxBytes)) return undefined;
    const length = Math.min(entry.size, maxBytes);
    this.#bytesLeft -= length;
    return new FileBytes(tree, entry.path, length);
  }

  /**
   * Lines of a file, whose text is never whole in memory: see `linesOf`. One that is too long is cut, with a problem; so is one that names
   * more packages than there is room for.
   */
  *lines(tree: FileTree, entry: TreeEntry, maxBytes: number): Generator<string> {
    if (!this.#mayRead(entry, maxBytes)) return;
    this.#bytesLeft -= Math.min(entry.size, maxBytes);
    let number = 0;
    for (const line of linesOf(tree, entry.path, maxBytes)) {
      number++;
      if (this.#packages.length >= maxPackages && line !== '') {
        const message = `more than ${maxPackages} packages: from line ${number} on it was not read`;
        this.problem(entry.path, 'limit-reached', message, number);
        return;
      }
      yield line;
    }
  }

  #mayRead({ path, size }: TreeEntry, maxBytes: number): boolean {
    if (this.#packages.length >= maxPackages) {
      this.#unread = oneMore(this.#unread, path);
      return false;
    }
    if (size > maxBytes) {
      this.problem(path, 'limit-reached', `it has ${size} bytes, of which the first ${maxBytes} were read`);
    }
    if (this.#bytesLeft > 0) return true;
    this.problem(path, 'limit-reached', `more than ${maxTotalBytes} bytes of its kind; it was not read`);
    return false;
  }

  /** Text of a whole file, without a byte order mark. One that says UTF-16 is believed: PowerShell writes lists of packages so. */
  text(tree: FileTree, entry: TreeEntry, maxBytes = maxMetadataBytes): string | undefined {
    const bytes = this.bytes(tree, entry, maxBytes);
    if (bytes === undefined) return undefined;
    return textOf(bytes);
  }

  /** Value of a whole JSON file; what is none is a problem. */
  json(tree: FileTree, entry: TreeEntry, maxBytes = maxMetadataBytes): unknown {
    const text = this.text(tree, entry, maxBytes);
    if (text === undefined) return undefined;
    return this.parsed(entry.path, () => JSON.parse(text) as unknown);
  }

  /** What a parser gives; its throw is a problem of the file. */
  parsed<T>(path: string, parse: () => T): T | undefined {
    try {
      return parse();
    } catch (error) {
      this.problem(path, 'bad-record', `it cannot be parsed: ${quote(messageOf(error), 200)}`);
      return undefined;
    }
  }

  done(): Catalogued {
    const left = [
      [this.#packagesOut, `packages: more than ${maxPackages} of one kind; from here on so many were left out`],
      [
        this.#unread,
        `files: ${maxPackages} packages of one kind were found before; from here on so many were not read`,
      ],
      [
        this.#filesOut,
        `packages: more than ${maxOwnedFiles} files belong to packages; of so many the rest is not known`,
      ],
    ] as const;
    for (const [out, message] of left) {
      if (out !== undefined) this.problem(out.path, 'limit-reached', `${out.count} ${message}`);
    }
    return { packages: this.#packages, problems: this.#problems.drain() };
  }
}

function oneMore(out: LeftOut | undefined, path: string): LeftOut {
  return { path: out?.path ?? path, count: (out?.count ?? 0) + 1 };
}

function textOf(bytes: Buffer): string {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  const text = decodeUtf8(bytes);
  return text.startsWith('\uFEFF') ? text.slice(1) : text;
}

const none: readonly never[] = [];

/** A package from what is known of it: lists that are not known are empty, the rest is absent. */
export function toPackage(facts: PackageFacts): Package {
  const { name, version, type, purl, foundBy, locations, licenses = none, files = none } = facts;
  // Written out: there may be a million of them, and all have one shape.
  const one: { -readonly [Key in keyof Package]: Package[Key] } = {
    name,
    version,
    type,
    purl,
    licenses,
    locations,
    files,
    foundBy,
  };
  if (facts.source !== undefined) one.source = facts.source;
  if (facts.architecture !== undefined) one.architecture = facts.architecture;
  if (facts.layer !== undefined) one.layer = facts.layer;
  if (facts.installedAt !== undefined) one.installedAt = facts.installedAt;
  if (facts.isDevelopment !== undefined) one.isDevelopment = facts.isDevelopment;
  if (facts.isProject !== undefined) one.isProject = facts.isProject;
  if (facts.ownedBy !== undefined) one.ownedBy = facts.ownedBy;
  if (facts.details !== undefined) one.details = facts.details;
  return one;
}
