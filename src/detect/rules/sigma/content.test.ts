import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { event, withEvents } from '../../../../tests/support/event-store.ts';
import type { EventRow, KindId, VakthundEvent } from '../../../events/event.ts';
import { eventFormat } from '../../../match/event-format.ts';
import { shippedRules } from '../shipped.ts';
import { loadSigma } from './rule-set.ts';

type Case = Readonly<Record<string, unknown>> & { readonly kind: KindId };
/** What a correlation judges is several events, in order. */
interface Cases {
  readonly fires: readonly (Case | readonly Case[])[];
  readonly silent: Cases['fires'];
}

const files = shippedRules('sigma');
const set = loadSigma(files);

function casesOf(path: string): Cases {
  const file = join(dirname(path), 'cases', `${basename(path, '.yml')}.json`);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Cases) : { fires: [], silent: [] };
}

const made = (one: Case | readonly Case[]): VakthundEvent[] =>
  [one].flat().map(({ kind, ...columns }) => event(kind, columns));

describe('shipped Sigma rules', () => {
  it('are read without a complaint, can all match, and name a technique', () => {
    expect(set.files.flatMap((file) => file.problems)).toEqual([]);
    const told = set.rules.filter(({ isEnabled }) => isEnabled);
    expect(told.length).toBe(files.length);
    for (const rule of told) {
      expect([rule.title, rule.missing(eventFormat)]).toEqual([rule.title, []]);
      expect([rule.title, rule.attack.length]).not.toEqual([rule.title, 0]);
    }
  });

  it.each(files.map((file) => [basename(file.path, '.yml'), file] as const))('%s keeps to its cases', (_name, file) => {
    const own = loadSigma([file]);
    const { fires, silent } = casesOf(file.path);
    const judged = (cases: Cases['fires']): number[] => {
      const runner = own.runner(eventFormat);
      const matchesOf = (one: VakthundEvent): number => runner?.judge(one as unknown as EventRow).length ?? 0;
      return cases.map((one) => made(one).reduce((sum, single) => sum + matchesOf(single), 0));
    };
    expect([fires.length > 0, silent.length > 0]).toEqual([true, true]);
    expect(judged(fires)).toEqual(fires.map(() => 1));
    expect(judged(silent)).toEqual(silent.map(() => 0));
  });

  it('find the same events in a store', async () => {
    const firing = files.map((file) => casesOf(file.path).fires.flatMap(made));
    await withEvents(firing.flat(), async (store) => {
      const found: number[] = [];
      const told = set.rules.filter(({ isEnabled }) => isEnabled);
      for (const rule of told) {
        let count = 0;
        for (const { sql } of rule.search(store.macros).queries) count += (await store.query(sql)).length;
        found.push(count);
      }
      const runner = set.runner(eventFormat);
      const live = new Map<string, number>(told.map((rule) => [rule.id, 0]));
      for (const one of firing.flat()) {
        for (const { rule } of runner?.judge(one as unknown as EventRow) ?? []) {
          live.set(rule.id, (live.get(rule.id) ?? 0) + 1);
        }
      }
      expect(found).toEqual([...live.values()]);
    });
  });
});
