import { isDeepStrictEqual } from 'node:util';
import { silentLogger } from '../../../../src/base/logger.ts';
import type { Problem } from '../../../../src/base/problem.ts';
import { source } from '../../../../src/collect/sources/suricata-eve/index.ts';
import type { VakthundEvent } from '../../../../src/events/event.ts';

/** The two ways from a record of EVE to its event: straight from the bytes of a plain line, and by way of an object. */

type Row = Readonly<Record<string, unknown>>;

export async function decodeEve(content: Uint8Array): Promise<{ events: VakthundEvent[]; problems: Problem[] }> {
  const events: VakthundEvent[] = [];
  const problems: Problem[] = [];
  const context = { name: 'eve.json', start: { byte: 0, line: 0 }, growing: false, logger: silentLogger };
  for await (const batch of source.decode(once(content), context)) {
    events.push(...batch.events);
    problems.push(...batch.problems);
  }
  return { events, problems };
}

async function* once(content: Uint8Array): AsyncGenerator<Uint8Array> {
  yield content;
}

/** Events of the same content by way of objects, by line: a line that begins with a blank is not plain. */
export async function decodeByObjects(content: Uint8Array): Promise<ReadonlyMap<number, VakthundEvent>> {
  const indented = Buffer.from(Buffer.from(content).toString('latin1').replaceAll(/^\{/gm, ' {'), 'latin1');
  const { events } = await decodeEve(indented);
  return new Map(events.map((event) => [event.evidence_at ?? 0, event]));
}

/** Where the event that came by way of an object differs from the other of its line. */
export function differences(
  byObjects: ReadonlyMap<number, VakthundEvent>,
  event: VakthundEvent,
): { got: string; want: string }[] {
  const row = (byObjects.get(event.evidence_at ?? 0) ?? {}) as unknown as Row;
  const columns = event as unknown as Row;
  return Object.keys(columns)
    .filter((name) => !isDeepStrictEqual(comparable(name, row[name]), comparable(name, columns[name])))
    .map((name) => ({ got: `${name} ${JSON.stringify(row[name])}`, want: `${name} ${JSON.stringify(columns[name])}` }));
}

/** The order of keys in `fields` means nothing. */
function comparable(name: string, value: unknown): unknown {
  return name === 'fields' && typeof value === 'string' ? (JSON.parse(value) as unknown) : value;
}
