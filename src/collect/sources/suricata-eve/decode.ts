import { quote, type ProblemList } from '../../../base/problem.ts';
import type { VakthundEvent } from '../../../events/event.ts';
import { CounterWatch } from '../../counter-watch.ts';
import type { JsonDecoder } from '../../json-lines.ts';
import type { JsonTape } from '../../json-tape.ts';
import type { JsonObject } from '../../json-value.ts';
import { compileMapping } from '../../mapping/compile.ts';
import { isObject } from '../../mapping/paths.ts';
import { compileTapeRow } from '../../mapping/tape-row.ts';
import { compileTape } from '../../mapping/tape.ts';
import { tellLosses } from './losses.ts';
import { reshape } from './reshape.ts';
import { mappings, routeIds, routeOf, type RouteId } from './routes.ts';
import { tapeRoute } from './tape-route.ts';

/** What becomes of EVE records: plain ones straight from the tape, the others by way of an object. Both give the same. */
export function eveDecoder(tape: JsonTape): JsonDecoder {
  const watch = new CounterWatch();
  const fromTape = perRoute((id) => compileTape(mappings[id], tape));
  const toRow = perRoute((id) => compileTapeRow(mappings[id], tape));
  const fromObject = perRoute((id) => compileMapping(mappings[id], { nested: true }));
  // One function for all records: making one for each takes longer than a whole column.
  let line = 0;
  let problems: ProblemList | undefined;
  const onBad = (path: string, value: unknown): void => {
    const message = `the value of ${path} does not fit its column: ${quote(JSON.stringify(value))}`;
    problems?.add({ code: 'bad-value', at: { line }, message });
  };
  return {
    plain(atLine, list) {
      const route = tapeRoute(tape);
      if (route === undefined) return undefined;
      line = atLine;
      problems = list;
      return fromTape[route](onBad) as VakthundEvent | undefined;
    },
    plainRow(atLine, list, rows) {
      const route = tapeRoute(tape);
      if (route === undefined) return false;
      line = atLine;
      problems = list;
      return toRow[route](atLine, rows, onBad);
    },
    record(value, atLine, list) {
      const type = value['event_type'];
      if (typeof type !== 'string') {
        list.add({ code: 'bad-record', at: { line: atLine }, message: `a record has no event_type: ${shown(value)}` });
        return undefined;
      }
      if (value['timestamp'] === undefined) {
        list.add({ code: 'bad-record', at: { line: atLine }, message: `a record has no timestamp: ${shown(value)}` });
      }
      if (type === 'stats') tellLosses(value, watch, atLine, list);
      line = atLine;
      problems = list;
      const route = routeOf({ type, direction: value['direction'], dnsType: dnsTypeOf(value) });
      return fromObject[route](reshape(type, value), onBad) as unknown as VakthundEvent;
    },
  };
}

function dnsTypeOf({ dns }: JsonObject): unknown {
  return isObject(dns) ? dns['type'] : undefined;
}

function shown(value: JsonObject): string {
  return quote(JSON.stringify(value));
}

function perRoute<T>(make: (id: RouteId) => T): Readonly<Record<RouteId, T>> {
  return Object.fromEntries(routeIds.map((id) => [id, make(id)])) as Record<RouteId, T>;
}
