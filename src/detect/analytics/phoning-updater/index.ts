import { defineAnalytic, type AnalyticContext } from '../../analytic.ts';
import type { ReadStore } from '../../../store/store.ts';
import { findChange, type Call, type Change } from './change.ts';
import { toFinding } from './finding.ts';
import { changedCalls, channelTables, usersOfNames } from './queries.ts';
import { scoreChange } from './score.ts';
import { settings } from './settings.ts';

interface Changed {
  readonly source: string;
  readonly name: string;
  readonly change: Change;
}

export const analytic = defineAnalytic({
  id: 'phoning-updater',
  title: 'Channels that begin to carry more',
  description:
    'A machine calls a name again and again in the same way (an updater, a licence check, telemetry), and from one call on every call sends clearly more: something was put into a channel that everybody knows and nobody looks at. Told by how alike the calls were before, how much they grew, whether method, path and user agent stayed as they were, and whether other machines that call the name changed too, as they do with a new version.',
  reads: ['http', 'tls', 'quic'],
  countsCalls: true,
  attack: ['T1071.001', 'T1041', 'T1195.002'],
  guide: ['B02', 'B23'],
  references: ['https://attack.mitre.org/techniques/T1195/002/', 'https://attack.mitre.org/techniques/T1041/'],
  settings,
  async *run(context) {
    const { store, settings: set } = context;
    const found = await readChanges(context);
    const networkSize = Number(
      (
        await store.query(
          `SELECT ${store.macros.countDistinct('source_ip')} AS size FROM flow WHERE ${store.macros.isLocal('source_ip')}`,
        )
      )[0]?.['size'] ?? 0,
    );
    const users = await readUsers(store, [...new Set(found.map(({ name }) => name))]);
    for (const { source, name, change } of found) {
      const changedToo = found.filter((other) => other.name === name && other.source !== source).length;
      const judged = scoreChange(change, { users: users.get(name) ?? 1, networkSize, changedToo });
      if (judged.score >= set.min_score) yield toFinding(source, name, change, judged);
    }
  },
});

async function readUsers(store: ReadStore, names: readonly string[]): Promise<Map<string, number>> {
  if (names.length === 0) return new Map();
  const rows = await store.query(usersOfNames(store.macros, names.length), names);
  return new Map(rows.map((row) => [String(row['name']), Number(row['users'] ?? 1)]));
}

async function readChanges(context: AnalyticContext<(typeof settings)['_output']>): Promise<Changed[]> {
  const { store, timeCondition, settings: set } = context;
  const bounds = { calm: set.min_calm_calls, changed: set.min_changed_calls, more: set.min_more_bytes };
  return store.withTables(channelTables(store.macros, timeCondition, bounds), async (tables) => {
    const found: Changed[] = [];
    let channel = Number.NaN;
    let [source, name] = ['', ''];
    let calls: Call[] = [];
    const finish = (): void => {
      const change = findChange(calls, bounds);
      if (change !== undefined) found.push({ source, name, change });
      calls = [];
    };
    for await (const chunk of tables.scan(changedCalls(store.macros))) {
      const numbers = Array.from({ length: 6 }, (_none, column) => chunk.numbers(column));
      const texts = Array.from({ length: 6 }, (_none, column) => chunk.texts(6 + column));
      for (let row = 0; row < chunk.rowCount; row++) {
        if (numbers[0]?.[row] !== channel) {
          finish();
          channel = numbers[0]?.[row] ?? Number.NaN;
          [source, name] = [texts[0]?.[row] ?? '', texts[1]?.[row] ?? ''];
        }
        calls.push(callAt(numbers, texts, row));
      }
    }
    finish();
    return found;
  });
}

/** A row of `changedCalls`. */
function callAt(numbers: readonly Float64Array[], texts: readonly (readonly (string | null)[])[], row: number): Call {
  const number = (column: number): number => numbers[column]?.[row] ?? Number.NaN;
  const text = (column: number): string | undefined => texts[column]?.[row] ?? undefined;
  return {
    at: number(1),
    sent: number(2),
    received: number(3),
    address: text(2) ?? '',
    evidenceId: number(4),
    evidenceAt: number(5),
    method: text(3),
    path: text(4),
    agent: text(5),
  };
}
