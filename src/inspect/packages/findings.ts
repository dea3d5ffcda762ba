import { decodeUtf8 } from '../../base/bytes.ts';
import { messageOf } from '../../base/errors.ts';
import { ProblemList, quote, type ProblemCode } from '../../base/problem.ts';
import type { FileTree, TreeEntry } from '../tree/tree.ts';
import type { Catalogued } from './cataloger.ts';
import type { Package } from './package.ts';

/** A package as a cataloger knows it: what is not known may be left out or undefined. */
export type PackageFacts = Pick<Package, 'name' | 'version' | 'type' | 'purl' | 'foundBy' | 'locations'> & {
  readonly [Key in Exclude<keyof Package, 'name' | 'version' | 'type' | 'purl' | 'foundBy' | 'locations'>]?:
    | Package[Key]
    | undefined;
};

/** Metadata and lock files; the largest seen in the wild have some tens of megabytes. */
const maxMetadataBytes = 2 ** 26;

/** Read by one cataloger in all: a tree may have a million lock files, each as large as it may be. */
const maxTotalBytes = 2 ** 32;

/** What one cataloger finds in a tree: its packages and what it could not read. */
export class Findings {
  readonly #packages: Package[] = [];
  readonly #problems = new ProblemList();
  #bytesLeft = maxTotalBytes;

  /** One without a name is a problem of its file. */
  add(facts: PackageFacts): void {
    if (facts.name !== '') this.#packages.push(toPackage(facts));
    else this.problem(facts.locations[0] ?? '', 'bad-record', 'a package has no name; it was skipped');
  }

  problem(path: string, code: ProblemCode, message: string, line?: number): void {
    this.#problems.add({ code, at: line === undefined ? { path } : { path, line }, message });
  }

  /** Bytes of a whole file. Undefined when it cannot be read (the tree says why); one that is too long is cut, with a problem. */
  bytes(tree: FileTree, entry: TreeEntry, maxBytes = maxMetadataBytes): Buffer | undefined {
    if (entry.size > maxBytes) {
      this.problem(entry.path, 'limit-reached', `it has ${entry.size} bytes, of which the first ${maxBytes} were read`);
    }
    if (this.#bytesLeft <= 0) {
      this.problem(entry.path, 'limit-reached', `more than ${maxTotalBytes} bytes of its kind; it was not read`);
      return undefined;
    }
    const bytes = tree.read(entry.path, maxBytes);
    this.#bytesLeft -= bytes?.length ?? 0;
    return bytes;
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
    return { packages: this.#packages, problems: this.#problems.drain() };
  }
}

function textOf(bytes: Buffer): string {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  const text = decodeUtf8(bytes);
  return text.startsWith('\uFEFF') ? text.slice(1) : text;
}

/** A package from what is known of it: lists that are not known are empty, the rest is absent. */
export function toPackage(facts: PackageFacts): Package {
  const { name, version, type, purl, foundBy, locations, licenses = [], files = [] } = facts;
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
