import { silentLogger } from '../../../../src/base/logger.ts';
import { source } from '../../../../src/collect/sources/suricata-eve/index.ts';
import { contentStart } from '../../../../src/collect/source.ts';
import type { EventRow } from '../../../../src/events/event.ts';

type Tree = { [key: string]: unknown };

/** Conditions by dotted path (`tls.client_alpns[0]`) as the EVE record that fulfils them; those of no path are left out. */
export function recordOf(match: Readonly<Record<string, unknown>>): Tree {
  const record: Tree = { timestamp: '2024-01-01T00:00:00.000000+0000' };
  for (const [path, value] of Object.entries(match)) {
    if (/__len|__find|has-key/.test(path)) continue;
    const steps = path.split(/[.[\]]+/).filter((step) => step !== '');
    put(record, steps, value);
  }
  return record;
}

function put(record: Tree, steps: readonly string[], value: unknown): void {
  let node = record;
  for (const [index, step] of steps.entries()) {
    const next = steps[index + 1];
    if (next === undefined) node[step] = value;
    else {
      node[step] ??= /^\d+$/.test(next) ? [] : {};
      node = node[step] as Tree;
    }
  }
}

/** What our EVE source makes of a record. */
export async function decodeEve(record: Tree): Promise<EventRow[]> {
  const events: EventRow[] = [];
  const context = { name: 'eve.json', start: contentStart, growing: false, logger: silentLogger };
  for await (const batch of source.decode(line(record), context)) {
    events.push(...(batch.events as unknown as readonly EventRow[]));
  }
  return events;
}

async function* line(record: Tree): AsyncGenerator<Uint8Array> {
  yield Buffer.from(`${JSON.stringify(record)}\n`);
}
