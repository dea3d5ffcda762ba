import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dayStart, event, withEvents } from '../../../../../tests/support/event-store.ts';
import type { EventRow, VakthundEvent } from '../../../../events/event.ts';
import { eventFormat } from '../../../../match/event-format.ts';
import type { Store } from '../../../../store/store.ts';
import { loadSigma } from '../rule-set.ts';

/** Three rules over the words of log lines, and a correlation of them. */
function rules(correlation: string): string {
  const single = ['a', 'b', 'c'].map(
    (word) =>
      `title: ${word}\nname: ${word}\nlogsource: {product: linux, service: syslog}\ndetection:\n  s: {message: ${word}}\n  condition: s\n`,
  );
  return [...single, `title: together\nname: together\ncorrelation:\n${correlation}`].join('---\n');
}

interface Line {
  readonly word: string;
  readonly second: number;
  readonly user: string | null;
  readonly value: number;
}

const line: fc.Arbitrary<Line> = fc.record({
  word: fc.constantFrom('a', 'b', 'c', 'other'),
  second: fc.integer({ min: 0, max: 40 }),
  user: fc.constantFrom('x', 'y', null),
  value: fc.integer({ min: 0, max: 4 }),
});

function eventsOf(lines: readonly Line[]): VakthundEvent[] {
  const inOrder = [...lines].sort((one, other) => one.second - other.second);
  return inOrder.map(({ word, second, user, value }, index) =>
    event('log', {
      time: dayStart + second * 1e6,
      evidence_at: index + 1,
      event_dataset: 'syslog',
      message: word,
      user_name: user,
      fields: JSON.stringify({ value }),
    }),
  );
}

const byText = (one: string, other: string): number => (one < other ? -1 : 1);

/** Times at which it begins to hold, by group. */
async function answers(correlation: string, events: readonly VakthundEvent[], store: Store): Promise<string[][]> {
  const set = loadSigma([{ path: 'r.yml', text: rules(correlation) }]);
  expect(set.files[0]?.problems).toEqual([]);
  const runner = set.runner(eventFormat);
  const rows = events as readonly unknown[] as readonly EventRow[];
  const matches = [...rows.flatMap((row) => runner?.judge(row) ?? []), ...(runner?.end() ?? [])];
  const live = matches
    .filter(({ rule }) => rule.id === 'together')
    .map(({ time, json }) => `${time / 1000n} ${(JSON.parse(json) as { group: { User?: string } }).group.User ?? ''}`);
  const found: string[] = [];
  for (const { sql } of set.rules.find(({ id }) => id === 'together')?.search(store.macros).queries ?? []) {
    for (const row of await store.query(sql)) found.push(`${String(row['time'])} ${String(row['User'] ?? '')}`);
  }
  return [live.sort(byText), found.sort(byText)];
}

const shapes: Readonly<Record<string, string>> = {
  event_count: '  type: event_count\n  rules: [a, b]\n  group-by: [User]\n  timespan: 5s\n  condition: {gte: 3}\n',
  'event_count within bounds': '  type: event_count\n  rules: a\n  timespan: 8s\n  condition: {gte: 2, lt: 4}\n',
  value_count:
    '  type: value_count\n  rules: [a, b, c]\n  group-by: [User]\n  timespan: 9s\n  condition: {field: value, gt: 2}\n',
  value_sum:
    '  type: value_sum\n  rules: [a, b]\n  group-by: [User]\n  timespan: 6s\n  condition: {field: value, gt: 5}\n',
  value_avg:
    '  type: value_avg\n  rules: [a, b]\n  group-by: [User]\n  timespan: 6s\n  condition: {field: value, lte: 1}\n',
  value_median: '  type: value_median\n  rules: [a, b]\n  timespan: 6s\n  condition: {field: value, eq: 2}\n',
  temporal: '  type: temporal\n  rules: [a, b, c]\n  group-by: [User]\n  timespan: 7s\n',
  temporal_ordered: '  type: temporal_ordered\n  rules: [a, b, c]\n  group-by: [User]\n  timespan: 20s\n',
  'temporal, two of three': '  type: temporal\n  rules: [a, b, c]\n  timespan: 3s\n  condition: {gte: 2}\n',
};

describe('a correlation', () => {
  it.each(Object.entries(shapes))(
    'begins to hold at the same moments live and stored: %s',
    async (_name, correlation) => {
      await fc.assert(
        fc.asyncProperty(fc.array(line, { maxLength: 30 }), async (lines) => {
          const events = eventsOf(lines);
          await withEvents(events, async (store) => {
            const [live, stored] = await answers(correlation, events, store);
            expect(live).toEqual(stored);
          });
        }),
        { numRuns: 12 },
      );
    },
  );

  it('that falls away between two events of one time goes on', async () => {
    const at = (word: string, second: number): Line => ({ word, second, user: 'x', value: 0 });
    const correlation = '  type: temporal\n  rules: [a, b, c]\n  timespan: 3s\n  condition: {gte: 2}\n';
    const events = eventsOf([at('a', 0), at('c', 1), at('c', 4), at('a', 4)]);
    await withEvents(events, async (store) => {
      const once = [`${dayStart + 1e6} `];
      expect(await answers(correlation, events, store)).toEqual([once, once]);
    });
  });

  it('begins anew after a silence that is longer than its timespan', async () => {
    const burst = (second: number): Line[] => ['a', 'b', 'a'].map((word) => ({ word, second, user: 'x', value: 0 }));
    const correlation = '  type: event_count\n  rules: [a, b]\n  timespan: 5s\n  condition: {gte: 3}\n';
    const events = eventsOf([...burst(0), ...burst(5), ...burst(11)]);
    await withEvents(events, async (store) => {
      const twice = [`${dayStart} `, `${dayStart + 11e6} `];
      expect(await answers(correlation, events, store)).toEqual([twice, twice]);
    });
  });

  it('keeps to its bounds of memory, and still counts right', () => {
    const set = loadSigma([
      { path: 'r.yml', text: rules('  type: event_count\n  rules: a\n  timespan: 1d\n  condition: {gte: 5000}\n') },
    ]);
    const runner = set.runner(eventFormat);
    const row = event('log', { event_dataset: 'syslog', message: 'a' }) as unknown as EventRow;
    const hits: number[] = [];
    for (let count = 1; count <= 6000; count++) {
      row['time'] = dayStart + count;
      if (runner?.judge({ ...row }).some(({ rule }) => rule.id === 'together') === true) hits.push(count);
    }
    expect(hits).toEqual([5000]);
  });
});
