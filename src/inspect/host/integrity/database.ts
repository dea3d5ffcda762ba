import { randomInt } from 'node:crypto';
import { zstdDecompressSync } from 'node:zlib';
import { VakthundError } from '../../../base/errors.ts';
import type { FileState } from './attributes.ts';
import type { StateLines } from './state-lines.ts';

/** Bytes of a database that is unpacked: twenty million files. */
const maxBytes = 2 ** 31;
const [newline, tabulator] = [10, 9];

/** A state as a line without an end; owners may be put in later (`encodeStates`). */
export function lineOf(state: FileState): string {
  return `${escape(state.path)}	${factsOf(state)}${state.xattrs}	${state.digest}	${escape(state.owner)}`;
}

/** Lines of a database with the packages that own their paths, packed. */
export function encodeStates(lines: StateLines, ownerOf: (path: string) => string | undefined): Promise<Buffer> {
  return lines.encode((path) => escape(ownerOf(unescape(path)) ?? ''));
}

/** The states of a baseline. They stay packed in bytes until one is asked for: most are only compared. */
export class StateTable {
  readonly #bytes: Buffer;
  /** Numbers of lines plus one by the hash of their paths, 0 for a free place: paths as strings would take more memory than all the rest. */
  readonly #places: Uint32Array;
  /** Where the line of each begins, and where it goes on behind its path. */
  readonly #paths: Uint32Array;
  readonly #starts: Uint32Array;
  /** 1: still there; 2: another line has the same path. */
  readonly #seen: Uint8Array;

  constructor(packed: Buffer) {
    try {
      this.#bytes = zstdDecompressSync(packed, { maxOutputLength: maxBytes });
    } catch (error) {
      throw new VakthundError('BASELINE', 'the database of the baseline cannot be unpacked', { cause: error });
    }
    const bytes = this.#bytes;
    let count = 0;
    for (let at = bytes.indexOf(newline); at >= 0; at = bytes.indexOf(newline, at + 1)) count++;
    this.#places = new Uint32Array(2 ** Math.ceil(Math.log2(count * 2 + 2)));
    this.#paths = new Uint32Array(count);
    this.#starts = new Uint32Array(count);
    this.#seen = new Uint8Array(count);
    for (let number = 0, start = 0; number < count; number++) {
      const tab = bytes.indexOf(tabulator, start);
      const end = bytes.indexOf(newline, start);
      if (tab < 0 || tab > end) throw new VakthundError('BASELINE', 'the database of the baseline is damaged');
      this.#paths[number] = start;
      this.#starts[number] = tab + 1;
      this.#enter(number, bytes.toString('latin1', start, tab));
      start = end + 1;
    }
  }

  get size(): number {
    return this.#seen.length;
  }

  get(path: string): FileState | undefined {
    const number = this.#numberOf(path);
    return number === undefined ? undefined : parse(path, this.#line(number));
  }

  /**
   * What a state says of xattrs and content, when all that the kernel tells of the file is the same: times of change and inode
   * among it, which no program can set. Undefined when anything differs, or there is no such path.
   */
  untouched(state: FileState): { readonly xattrs: string; readonly digest: string } | undefined {
    const number = this.#numberOf(state.path);
    if (number === undefined) return undefined;
    const line = this.#line(number);
    const facts = factsOf(state);
    if (!line.startsWith(facts)) return undefined;
    const [xattrs = '', digest = ''] = line.slice(facts.length).split('\t', 2);
    return { xattrs, digest };
  }

  /** Notes that a path is still there; false when it never was. */
  see(path: string): boolean {
    const number = this.#numberOf(path);
    if (number === undefined) return false;
    this.#seen[number] = 1;
    return true;
  }

  /** States of paths that are not there any more. */
  *unseen(): Generator<FileState> {
    for (let number = 0; number < this.size; number++) {
      if (this.#seen[number] === 0) yield parse(this.#pathOf(number), this.#line(number));
    }
  }

  /** Lines of paths that are still there, by path. */
  *lines(): Generator<[string, string]> {
    for (let number = 0; number < this.size; number++) {
      if (this.#seen[number] !== 1) continue;
      const path = this.#pathOf(number);
      yield [path, `${escape(path)}\t${this.#line(number)}`];
    }
  }

  #enter(number: number, escaped: string): void {
    const place = this.#placeOf(escaped);
    const known = this.#places[place] ?? 0;
    // Of two lines of one path the last counts.
    if (known !== 0) this.#seen[known - 1] = 2;
    this.#places[place] = number + 1;
  }

  #numberOf(path: string): number | undefined {
    const number = this.#places[this.#placeOf(escape(path))] ?? 0;
    return number === 0 ? undefined : number - 1;
  }

  /** The place of a path, or the free one where it would stand: at least half of them are free. */
  #placeOf(escaped: string): number {
    const mask = this.#places.length - 1;
    let place = hashOf(escaped) & mask;
    while (this.#places[place] !== 0 && !this.#isPath((this.#places[place] ?? 0) - 1, escaped)) {
      place = (place + 1) & mask;
    }
    return place;
  }

  #isPath(number: number, escaped: string): boolean {
    const start = this.#paths[number] ?? 0;
    if ((this.#starts[number] ?? 0) - start - 1 !== escaped.length) return false;
    for (let index = 0; index < escaped.length; index++) {
      if (this.#bytes[start + index] !== escaped.charCodeAt(index)) return false;
    }
    return true;
  }

  #pathOf(number: number): string {
    return unescape(this.#bytes.toString('latin1', this.#paths[number] ?? 0, (this.#starts[number] ?? 0) - 1));
  }

  #line(number: number): string {
    const start = this.#starts[number] ?? 0;
    return this.#bytes.toString('latin1', start, this.#bytes.indexOf(newline, start));
  }
}

/** Drawn anew, so that nobody can choose names that meet in one place. */
const seed = randomInt(2 ** 32);

/** FNV-1a in 32 bits. */
function hashOf(text: string): number {
  let hash = seed;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return hash >>> 0;
}

/** What the kernel tells without a file being opened. */
function factsOf({ type, mode, uid, gid, size, mtime, ctime, inode, links, target }: FileState): string {
  const times = `${mtime.toString(36)}\t${ctime.toString(36)}`;
  const numbers = `${mode.toString(36)}\t${uid.toString(36)}\t${gid.toString(36)}\t${size.toString(36)}\t${times}`;
  return `${type}\t${numbers}\t${inode.toString(36)}\t${links.toString(36)}\t${escape(target)}\t`;
}

function parse(path: string, line: string): FileState {
  const fields = line.split('\t');
  const [type = '', , , , , , , , , target = '', xattrs = '', digest = '', owner = ''] = fields;
  const [mode = 0, uid = 0, gid = 0, size = 0, mtime = 0, ctime = 0, inode = 0, links = 0] = fields
    .slice(1, 9)
    .map((value) => Number.parseInt(value, 36));
  const texts = { target: unescape(target), xattrs, digest, owner: unescape(owner) };
  return { path, type, mode, uid, gid, size, mtime, ctime, inode, links, ...texts };
}

const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n' };
const unescapes: Readonly<Record<string, string>> = { '\\\\': '\\', '\\t': '\t', '\\n': '\n' };

function escape(text: string): string {
  if (!/[\\\t\n]/.test(text)) return text;
  return text.replaceAll(/[\\\t\n]/g, (character) => escapes[character] ?? character);
}

function unescape(text: string): string {
  if (!text.includes('\\')) return text;
  return text.replaceAll(/\\[\\tn]/g, (pair) => unescapes[pair] ?? pair);
}
