import { isUtf8 } from 'node:buffer';
import type { BulkPlan } from '../../../store/bulk.ts';
import { JsonTape } from '../../json-tape.ts';
import { bulkRoutes, routeIds } from './routes.ts';
import { tapeRoute } from './tape-route.ts';

const newline = 10;
const carriageReturn = 13;
/** Longer lines are rare, and go by rows: a store holds a whole line of each thread in memory several times. */
const maxLineBytes = 1024 * 1024;

/** How the store loads EVE by columns; undefined when the content does not begin with a record on a line of its own. */
export function eveBulk(head: Uint8Array): BulkPlan | undefined {
  const route = lineRouter();
  const lineEnd = head.indexOf(newline);
  if (lineEnd < 0 || route(head, 0, lineEnd) < 0) return undefined;
  return { layout: { type: 'json', nested: true }, headerBytes: 0, headerLines: 0, routes: bulkRoutes, route };
}

/**
 * Only lines that hold one plain record have a route: those with a key twice or a number beyond 2^53 would be read
 * otherwise by a store.
 */
function lineRouter(): (bytes: Uint8Array, start: number, end: number) => number {
  const tape = new JsonTape();
  return (bytes, start, lineEnd) => {
    const end = bytes[lineEnd - 1] === carriageReturn ? lineEnd - 1 : lineEnd;
    if (end - start > maxLineBytes) return -1;
    const buffer = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (!tape.read(buffer, start, end)) return -1;
    if (!tape.isAscii && !isUtf8(buffer.subarray(start, end))) return -1;
    const id = tapeRoute(tape);
    return id === undefined ? -1 : routeIds.indexOf(id);
  };
}
