import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { event, withEvents } from '../../../../tests/support/event-store.ts';
import type { EventRow, KindId, VakthundEvent } from '../../../events/event.ts';
import { eventFormat } from '../../../match/event-format.ts';
import { shippedRules } from '../shipped.ts';
import { loadRuleSet } from './rule-set.ts';

type Case = Readonly<Record<string, unknown>> & { readonly kind: KindId };
interface Cases {
  readonly fires: readonly Case[];
  readonly silent: readonly Case[];
}

const files = shippedRules('falco');
const options = { options: ['rule_matching=all'] };
const set = loadRuleSet(files, options);

function casesOf(path: string): Cases {
  const file = join(dirname(path), 'cases', `${basename(path, '.yaml')}.json`);
  return JSON.parse(readFileSync(file, 'utf8')) as Cases;
}

const made = ({ kind, ...columns }: Case): VakthundEvent => event(kind, columns);

describe('shipped Falco rules', () => {
  it('load without a complaint, can all fire on our own events, and name a technique', () => {
    expect(set.files.flatMap((file) => file.problems)).toEqual([]);
    expect(set.rules.length).toBe(files.length);
    expect(set.rules.filter((rule) => rule.missing(eventFormat).length > 0).map(({ title }) => title)).toEqual([]);
    expect(set.rules.filter((rule) => rule.attack.length === 0).map(({ title }) => title)).toEqual([]);
  });

  it.each(files.map((file) => [basename(file.path, '.yaml'), file] as const))(
    '%s keeps to its cases',
    (_name, file) => {
      const runner = loadRuleSet([file], options).runner(eventFormat);
      const { fires, silent } = casesOf(file.path);
      const judged = (cases: readonly Case[]): number[] =>
        cases.map((one) => runner?.judge(made(one) as unknown as EventRow).length ?? 0);
      expect([fires.length > 0, silent.length > 0]).toEqual([true, true]);
      expect(judged(fires)).toEqual(fires.map(() => 1));
      expect(judged(silent)).toEqual(silent.map(() => 0));
    },
  );

  it('find the same events in a store', async () => {
    const events = files.flatMap((file) => [...casesOf(file.path).fires, ...casesOf(file.path).silent]).map(made);
    const live = new Map<string, number>(set.rules.map((rule) => [rule.id, 0]));
    const runner = set.runner(eventFormat);
    for (const one of events as unknown as readonly EventRow[]) {
      for (const { rule } of runner?.judge(one) ?? []) live.set(rule.id, (live.get(rule.id) ?? 0) + 1);
    }
    const stored = await withEvents(events, async (store) => {
      const found = new Map<string, number>();
      for (const rule of set.rules) {
        let count = 0;
        for (const { sql } of rule.search(store.macros).queries) count += (await store.query(sql)).length;
        found.set(rule.id, count);
      }
      return found;
    });
    expect(stored).toEqual(live);
  });
});
