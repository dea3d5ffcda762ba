import { expect, it } from 'vitest';
import { dayStart, event, withEvents } from '../../tests/support/event-store.ts';
import type { EventRow } from '../events/event.ts';
import { scanEvents } from './event-rows.ts';

const columns = [
  'time',
  'fields',
  'process_pid',
  'process_args',
  'process_command_line',
  'is_privileged_change',
  'uid',
];
const long = 'a command line that no entry of a vector holds itself: ';

async function read(events: Parameters<typeof withEvents>[0], condition = 'TRUE'): Promise<EventRow[]> {
  return withEvents(events, async (store) => {
    const rows: EventRow[] = [];
    const scan = { kind: 'process', condition, columns: new Set(columns) } as const;
    for await (const chunk of scanEvents(store, scan)) {
      for (let index = 0; index < chunk.rowCount; index++) {
        const row = chunk.row(index);
        rows.push(Object.fromEntries(['kind', ...columns].map((name) => [name, row[name] ?? null])) as EventRow);
      }
    }
    return rows.sort((a, b) => Number(a['time']) - Number(b['time']));
  });
}

it('gives the values of stored events as they were, and null for what is not there', async () => {
  const full = {
    time: dayStart + 1,
    fields: '{"a":1}',
    process_pid: 2 ** 40,
    process_args: ['a "b"', 'ü', ''],
    process_command_line: long,
    is_privileged_change: false,
  };
  const rows = await read([event('process', { time: dayStart }), event('process', full)]);
  const nothing = Object.fromEntries(columns.map((name) => [name, null]));
  expect(rows).toEqual([
    { ...nothing, kind: 'process', time: dayStart },
    { ...full, kind: 'process', uid: null },
  ]);
});

it('gives each of many rows its own texts, whether they stand together in the store or not', async () => {
  // From 10,000 rows of a commit on they go to a file; below, they stay in a table.
  for (const count of [3000, 12_000]) {
    const texts = Array.from({ length: count }, (_none, index) => {
      if (index % 7 === 0) return null;
      if (index % 5 === 0) return `short ${index % 10}`;
      return index % 3 === 0 ? `${long}again` : `${long}${'ü'.repeat(index % 40)} ${index}`;
    });
    const events = texts.map((text, index) => event('process', { time: dayStart + index, process_command_line: text }));
    const rows = await read(events);
    expect(rows.map((row) => row['process_command_line'])).toEqual(texts);
    const some = await read(events, 'epoch_us(time) % 13 = 0');
    expect(some.map((row) => row['process_command_line'])).toEqual(
      texts.filter((_text, index) => (dayStart + index) % 13 === 0),
    );
  }
}, 60_000);
