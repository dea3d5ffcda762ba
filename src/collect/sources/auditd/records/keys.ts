/** Longest key that is looked up; longer ones are kept but not remembered. The kernel's own have at most 20 characters. */
const maxRememberedLength = 40;
/** Different keys that are remembered: those that the code knows, and some that logs brought, which may invent any number. */
export const maxRemembered = 2048;
const maxLearned = 1024;
const slots = 8192;
/** Steps to look for a free slot; an attacker may choose keys that all fall on one. */
const maxSteps = 16;

/** A field name or record type, one object for each spelling, so that comparing them is comparing references. */
export interface Key {
  readonly name: string;
  /** Number of a remembered key from 1; 0 for others. */
  readonly id: number;
  readonly bytes: Uint8Array;
  /** `"name":"` as bytes, ready to be written into JSON, and whether all of them are ASCII. */
  readonly opening: Uint8Array;
  readonly isAscii: boolean;
  /** The key that followed it last: records of one type nearly always have the same ones in the same order. */
  next: Key | undefined;
  /** Scratch for whoever looks for a key that comes again: the number of the pass that met it last, and how often. */
  pass: number;
  times: number;
}

const table: (Key | undefined)[] = Array.from({ length: slots }, () => undefined);
let remembered = 0;
let learned = 0;

/** The key of a name that the code knows; never of one that a log brought. */
export function key(name: string): Key {
  const bytes = Buffer.from(name, 'latin1');
  return find(bytes, 0, bytes.length, hashOf(bytes, 0, bytes.length), false);
}

/** A key of its own for a name that is made up on the way and never looked for. */
export function looseKey(name: string): Key {
  const bytes = Buffer.from(name, 'utf8');
  return createKey(bytes, 0, bytes.length, 0);
}

/** A set of keys that the code knows, asked once for every field: a look into a table, no hashing. */
export class KeySet {
  readonly #members = new Uint8Array(maxRemembered + 1);

  /** Names separated by blanks. */
  constructor(names: string) {
    for (const name of names.split(' ')) this.#members[key(name).id] = 1;
    this.#members[0] = 0;
  }

  has(member: Key): boolean {
    return this.#members[member.id] === 1;
  }
}

/** Hash to be carried over the bytes of a key from 0: `hash = nextHash(hash, byte)`. */
export function nextHash(hash: number, byte: number): number {
  return (Math.imul(hash, 31) + byte) | 0;
}

/** The key that stands at `bytes[from, to)`; a key that nobody has seen yet gets an object of its own. */
export function internKey(bytes: Uint8Array, from: number, to: number, hash = hashOf(bytes, from, to)): Key {
  return to - from > maxRememberedLength ? createKey(bytes, from, to, 0) : find(bytes, from, to, hash, true);
}

function find(bytes: Uint8Array, from: number, to: number, hash: number, isFromLog: boolean): Key {
  const mixed = Math.imul(hash ^ (hash >>> 15), 0x85eb_ca6b);
  const first = mixed ^ (mixed >>> 13);
  for (let step = 0; step < maxSteps; step++) {
    const slot = (first + step) & (slots - 1);
    const found = table[slot];
    if (found === undefined) return remember(slot, bytes, from, to, isFromLog);
    if (isSame(found.bytes, bytes, from, to)) return found;
  }
  return createKey(bytes, from, to, 0);
}

function remember(slot: number, bytes: Uint8Array, from: number, to: number, isFromLog: boolean): Key {
  if (remembered === maxRemembered || (isFromLog && learned === maxLearned)) return createKey(bytes, from, to, 0);
  if (isFromLog) learned++;
  remembered++;
  const created = createKey(bytes, from, to, remembered);
  table[slot] = created;
  return created;
}

function hashOf(bytes: Uint8Array, from: number, to: number): number {
  let hash = 0;
  for (let at = from; at < to; at++) hash = nextHash(hash, bytes[at] ?? 0);
  return hash;
}

function isSame(known: Uint8Array, bytes: Uint8Array, from: number, to: number): boolean {
  if (known.length !== to - from) return false;
  for (let index = 0; index < known.length; index++) {
    if (known[index] !== bytes[from + index]) return false;
  }
  return true;
}

function createKey(bytes: Uint8Array, from: number, to: number, id: number): Key {
  const own = Uint8Array.from(bytes.subarray(from, to));
  const name = Buffer.from(own).toString('utf8');
  const opening = Buffer.from(`${JSON.stringify(name)}:"`, 'utf8');
  const isAscii = opening.every((byte) => byte < 0x80);
  return { name, id, bytes: own, opening, isAscii, next: undefined, pass: 0, times: 0 };
}
