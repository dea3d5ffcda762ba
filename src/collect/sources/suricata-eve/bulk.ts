import { isUtf8 } from 'node:buffer';
import { readerEntries, readerPaths } from '../../../events/readers.ts';
import type { Mapping } from '../../../events/mapping.ts';
import type { BulkPlan, BulkRoute } from '../../../store/bulk.ts';
import { JsonTape } from '../../json-tape.ts';
import { mappings, routeIds, type RouteId } from './routes.ts';
import { tapeRoute } from './tape-route.ts';

const newline = 10;
const carriageReturn = 13;
/** Longer lines are rare, and go by rows: a store holds a whole line of each thread in memory several times. */
const maxLineBytes = 1024 * 1024;

/** How the store loads EVE by columns; undefined when the content does not begin with a record on a line of its own. */
export function eveBulk(head: Uint8Array): BulkPlan | undefined {
  const router = new LineRouter();
  const firstEnd = head.indexOf(newline);
  if (firstEnd < 0 || router.route(head, 0, firstEnd) === undefined) return undefined;
  const leftKeys = router.keysByRoute(head);
  return {
    layout: { type: 'json', nested: true },
    headerBytes: 0,
    headerLines: 0,
    routes: routeIds.map((id): BulkRoute => ({ id, mapping: mappings[id], leftKeys: leftKeys(id) })),
    route(bytes, start, end) {
      const id = router.route(bytes, start, end);
      return id === undefined ? -1 : routeIds.indexOf(id);
    },
  };
}

class LineRouter {
  readonly #tape = new JsonTape();

  /**
   * Route of a line. Only lines that hold one plain record have one: those with a key twice or a number beyond 2^53
   * would be read otherwise by a store.
   */
  route(bytes: Uint8Array, start: number, lineEnd: number): RouteId | undefined {
    const end = bytes[lineEnd - 1] === carriageReturn ? lineEnd - 1 : lineEnd;
    if (end - start > maxLineBytes) return undefined;
    const buffer = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (!this.#tape.read(buffer, start, end)) return undefined;
    if (!this.#tape.isAscii && !isUtf8(buffer.subarray(start, end))) return undefined;
    return tapeRoute(this.#tape);
  }

  /** Keys of the records in the head that the mapping of their route does not read. */
  keysByRoute(head: Uint8Array): (id: RouteId) => string[] {
    const keys = new Map<RouteId, Set<string>>(routeIds.map((id) => [id, new Set()]));
    for (let start = 0, end = head.indexOf(newline); end >= 0; start = end + 1, end = head.indexOf(newline, start)) {
      const id = this.route(head, start, end);
      if (id === undefined) continue;
      for (const key of this.#tape.keys(0)) keys.get(id)?.add(key);
    }
    return (id) => {
      const read = topKeys(mappings[id]);
      return [...(keys.get(id) ?? [])].filter((key) => !read.has(key));
    };
  }
}

function topKeys(mapping: Mapping): ReadonlySet<string> {
  const paths = [...readerEntries(mapping).flatMap(([, reader]) => readerPaths(reader)), ...(mapping.drop ?? [])];
  return new Set(paths.map((path) => path.split('.')[0]?.replace(/\[\]$/, '') ?? ''));
}
