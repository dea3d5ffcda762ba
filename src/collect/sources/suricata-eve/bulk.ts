import { isUtf8 } from 'node:buffer';
import { readerEntries, readerPaths } from '../../../events/readers.ts';
import type { BulkPlan, BulkRoute } from '../../../store/bulk.ts';
import { JsonTape } from '../../json-tape.ts';
import { tapeKeyHash } from '../../tape-entries.ts';
import { mappings, routeIds, type RouteId } from './routes.ts';
import { tapeRoute } from './tape-route.ts';

const newline = 10;
const carriageReturn = 13;
/** Longer lines are rare, and go by rows: a store holds a whole line of each thread in memory several times. */
const maxLineBytes = 1024 * 1024;

/** How the store loads EVE by columns; undefined when no line in the head is a plain record. */
export function eveBulk(head: Uint8Array): BulkPlan | undefined {
  const router = new LineRouter();
  const keys = router.keysByRoute(head);
  if (keys.size === 0) return undefined;
  return {
    layout: { type: 'json', nested: true },
    headerBytes: 0,
    headerLines: 0,
    routes: routeIds.map((id): BulkRoute => ({ id, mapping: mappings[id], keys: keysOf(id, keys.get(id)) })),
    route(bytes, start, end) {
      const id = router.route(bytes, start, end);
      return id === undefined ? -1 : routeIds.indexOf(id);
    },
  };
}

/**
 * Keys that are looked for: those of the first records, and all that the mapping reads. A record with one of those that
 * was not looked for would be irregular, and records of one type differ (TCP flows have keys that UDP flows have not).
 */
function keysOf(id: RouteId, seen: ReadonlySet<string> = new Set()): string[] {
  const mapping = mappings[id];
  const paths = [...readerEntries(mapping).flatMap(([, reader]) => readerPaths(reader)), ...(mapping.drop ?? [])];
  return [...new Set([...seen, ...paths.map((path) => path.replace(/[.[].*$/s, ''))])];
}

const firstOfLists = ['vlan', 'files'].map(tapeKeyHash);

class LineRouter {
  readonly #tape = new JsonTape();

  /**
   * Route of a line. Only lines that hold one plain record have one: those with a key twice or a number beyond 2^53
   * would be read otherwise by a store. Those of which a part stays inside an object or list are left to the decoder
   * too, because one such row makes the store give up the whole chunk.
   */
  route(bytes: Uint8Array, start: number, lineEnd: number): RouteId | undefined {
    const end = bytes[lineEnd - 1] === carriageReturn ? lineEnd - 1 : lineEnd;
    if (end - start > maxLineBytes) return undefined;
    const buffer = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (!this.#tape.read(buffer, start, end)) return undefined;
    if (!this.#tape.isAscii && !isUtf8(buffer.subarray(start, end))) return undefined;
    return this.#tape.hasNothing || this.#hasSeveral() ? undefined : tapeRoute(this.#tape);
  }

  /** True for a record with two entries in a list of which its mapping takes the first. */
  #hasSeveral(): boolean {
    const { next } = this.#tape;
    return firstOfLists.some((key) => {
      const list = this.#tape.member(0, key);
      const second = next[list + 1] ?? 0;
      return list >= 0 && this.#tape.isContainer(list) && second < (next[list] ?? 0);
    });
  }

  /** Keys that the records in the head have on top, by route. */
  keysByRoute(head: Uint8Array): ReadonlyMap<RouteId, ReadonlySet<string>> {
    const keys = new Map<RouteId, Set<string>>();
    for (let start = 0, end = head.indexOf(newline); end >= 0; start = end + 1, end = head.indexOf(newline, start)) {
      const id = this.route(head, start, end);
      if (id === undefined) continue;
      const known = keys.get(id) ?? new Set();
      for (const key of this.#tape.keys(0)) known.add(key);
      keys.set(id, known);
    }
    return keys;
  }
}
