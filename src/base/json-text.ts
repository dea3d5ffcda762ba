/** A list of which one item is there at a time: made when it is written, and made anew each time. */
export class LazyList<T> implements Iterable<T> {
  readonly #make: () => Iterable<T>;

  constructor(make: () => Iterable<T>) {
    this.#make = make;
  }

  [Symbol.iterator](): Iterator<T> {
    return this.#make()[Symbol.iterator]();
  }

  /** For `JSON.stringify`, which needs all of it. */
  toJSON(): readonly T[] {
    return [...this];
  }
}

const chunkLength = 2 ** 16;

/**
 * The text that `JSON.stringify(document, undefined, 1)` gives, in pieces of some 64 Ki characters that end between two values: of a
 * long list no more than a piece is in memory. Items of lists in the document's own members and in theirs are written one by one.
 */
export function* jsonText(document: Readonly<Record<string, unknown>>): Generator<string> {
  let chunk = '';
  for (const part of partsOf(document, 0)) {
    chunk += part;
    if (chunk.length < chunkLength) continue;
    yield chunk;
    chunk = '';
  }
  if (chunk !== '') yield chunk;
}

/** Deeper values are small: a package, a vulnerability. */
const maxDepth = 4;

function* partsOf(value: unknown, depth: number): Generator<string> {
  const isList = Array.isArray(value) || value instanceof LazyList;
  if (depth >= maxDepth || typeof value !== 'object' || value === null || (!isList && 'toJSON' in value)) {
    // Text in JSON has no line ends of its own.
    yield (JSON.stringify(value, undefined, 1) ?? 'null').replaceAll('\n', `\n${' '.repeat(depth)}`);
    return;
  }
  const [open, close] = isList ? (['[', ']'] as const) : (['{', '}'] as const);
  yield open;
  let isEmpty = true;
  for (const [key, member] of isList ? itemsOf(value) : Object.entries(value)) {
    if (member === undefined && !isList) continue;
    yield `${isEmpty ? '' : ','}\n${' '.repeat(depth + 1)}${isList ? '' : `${JSON.stringify(key)}: `}`;
    yield* partsOf(member, depth + 1);
    isEmpty = false;
  }
  yield isEmpty ? close : `\n${' '.repeat(depth)}${close}`;
}

function* itemsOf(list: Iterable<unknown>): Generator<readonly [string, unknown]> {
  for (const item of list) yield ['', item];
}
