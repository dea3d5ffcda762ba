/** Longest key that is looked up; longer ones are kept but not remembered. The kernel's own have at most 20 characters. */
const maxRememberedLength = 40;
/** Different keys that are remembered. A log may invent any number of them. */
const maxRemembered = 2048;
const slots = 8192;
/** Steps to look for a free slot; an attacker may choose keys that all fall on one. */
const maxSteps = 16;

/** A field name or record type, one object for each spelling, so that comparing them is comparing references. */
export interface Key {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** `"name":"` as bytes, ready to be written into JSON. */
  readonly opening: Uint8Array;
  /** Scratch for whoever looks for a key that comes twice: the number of the pass that met it last. */
  pass: number;
}

const table: (Key | undefined)[] = Array.from({ length: slots }, () => undefined);
let remembered = 0;

/** The key of a name that the code knows. */
export function key(name: string): Key {
  const bytes = Buffer.from(name, 'latin1');
  return internKey(bytes, 0, bytes.length, hashOf(bytes));
}

/** Keys from their names, separated by blanks. */
export function keySet(names: string): ReadonlySet<Key> {
  return new Set(names.split(' ').map(key));
}

/** Hash to be carried over the bytes of a key from 0: `hash = nextHash(hash, byte)`. */
export function nextHash(hash: number, byte: number): number {
  return (Math.imul(hash, 31) + byte) | 0;
}

/** The key that stands at `bytes[from, to)`; a key that nobody has seen yet gets an object of its own. */
export function internKey(bytes: Uint8Array, from: number, to: number, hash: number): Key {
  if (to - from > maxRememberedLength) return createKey(bytes, from, to);
  const first = hash ^ (hash >>> 13);
  for (let step = 0; step < maxSteps; step++) {
    const slot = (first + step) & (slots - 1);
    const found = table[slot];
    if (found === undefined) return remember(slot, createKey(bytes, from, to));
    if (isSame(found.bytes, bytes, from, to)) return found;
  }
  return createKey(bytes, from, to);
}

function remember(slot: number, created: Key): Key {
  if (remembered < maxRemembered) {
    table[slot] = created;
    remembered++;
  }
  return created;
}

function hashOf(bytes: Uint8Array): number {
  let hash = 0;
  for (const byte of bytes) hash = nextHash(hash, byte);
  return hash;
}

function isSame(known: Uint8Array, bytes: Uint8Array, from: number, to: number): boolean {
  if (known.length !== to - from) return false;
  for (let index = 0; index < known.length; index++) {
    if (known[index] !== bytes[from + index]) return false;
  }
  return true;
}

function createKey(bytes: Uint8Array, from: number, to: number): Key {
  const own = Uint8Array.from(bytes.subarray(from, to));
  const name = Buffer.from(own).toString('utf8');
  return { name, bytes: own, opening: Buffer.from(`${JSON.stringify(name)}:"`, 'utf8'), pass: 0 };
}
