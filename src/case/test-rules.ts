import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { messageOf, VakthundError } from '../base/errors.ts';
import { parseIsoMicros } from '../base/time.ts';
import type { LoadedSet } from './run-rules.ts';
import { columnEntries, isKindId, newEvent, type EventRow } from '../events/event.ts';
import { eventFormat } from '../match/event-format.ts';

/** Events beside a rule file: `cases/NAME.json`. */
interface RuleCases {
  readonly fires: readonly unknown[];
  readonly silent: readonly unknown[];
}

/** A case that did not come out as it must. */
export interface CaseFailure {
  readonly path: string;
  /** `fires[0]`, `silent[2]`. */
  readonly case: string;
  readonly got: string;
}

export interface FileTest {
  readonly path: string;
  /** False when there is no file of cases. */
  readonly hasCases: boolean;
  readonly cases: number;
  readonly failures: readonly CaseFailure[];
}

const limitBytes = 16_000_000;

/**
 * Runs the cases beside a rule file, each an event alone or a list of events in their order: `fires` must match a rule of the
 * file, `silent` none.
 */
export function testRuleFile(path: string, sets: readonly LoadedSet[]): FileTest {
  const file = join(dirname(path), 'cases', `${basename(path, extname(path))}.json`);
  if (!existsSync(file)) return { path, hasCases: false, cases: 0, failures: [] };
  const { fires, silent } = readCases(file);
  const failures: CaseFailure[] = [];
  for (const [group, list] of [
    ['fires', fires],
    ['silent', silent],
  ] as const) {
    for (const [index, value] of list.entries()) {
      const name = `${group}[${index}]`;
      const rules = matchesOf(toRows(value, `${file} ${name}`), sets);
      if (rules.length > 0 === (group === 'fires')) continue;
      failures.push({ path, case: name, got: rules.length === 0 ? 'no rule matched' : rules.join(', ') });
    }
  }
  return { path, hasCases: true, cases: fires.length + silent.length, failures };
}

/** A runner of its own for each case: what a rule remembers of one must not decide the next. */
function matchesOf(rows: readonly EventRow[], sets: readonly LoadedSet[]): string[] {
  return sets.flatMap(({ set }) => {
    const runner = set.runner(eventFormat);
    const matches = runner === undefined ? [] : [...rows.flatMap((row) => runner.judge(row)), ...runner.end()];
    return matches.map(({ rule }) => rule.title);
  });
}

function readCases(file: string): RuleCases {
  try {
    const text = readFileSync(file, 'utf8');
    if (text.length > limitBytes) throw new Error(`larger than ${limitBytes} bytes`);
    const { fires, silent } = JSON.parse(text) as Partial<RuleCases>;
    return { fires: Array.isArray(fires) ? fires : [], silent: Array.isArray(silent) ? silent : [] };
  } catch (error) {
    throw new VakthundError('CONFIG', `${file} holds no cases: ${messageOf(error)}`, { cause: error });
  }
}

function toRows(value: unknown, where: string): EventRow[] {
  if (!Array.isArray(value)) return [toRow(value, where)];
  return value.map((one: unknown, at) => toRow(one, `${where}[${at}]`));
}

/** An event from its kind and the columns that matter; a time may stand as ISO text. */
function toRow(value: unknown, where: string): EventRow {
  const { kind, ...columns } = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
  if (typeof kind !== 'string' || !isKindId(kind)) {
    throw new VakthundError('CONFIG', `${where} names no kind of event`, { hint: 'docs/reference/events.md' });
  }
  const known = new Map(columnEntries(kind));
  const row: EventRow = { ...(newEvent(kind) as unknown as EventRow) };
  for (const [name, content] of Object.entries(columns)) {
    const type = known.get(name)?.type;
    if (type === undefined) {
      throw new VakthundError('CONFIG', `${where}: events of kind ${kind} have no column "${name}"`);
    }
    row[name] = type === 'time' && typeof content === 'string' ? (parseIsoMicros(content) ?? 0) : valueOf(content);
  }
  return row;
}

function valueOf(content: unknown): EventRow[string] {
  const isPlain = typeof content === 'string' || typeof content === 'number' || typeof content === 'boolean';
  if (isPlain || content === null) return content;
  if (Array.isArray(content)) return content.map(String);
  return JSON.stringify(content);
}
