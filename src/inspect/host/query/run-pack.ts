import { createHash } from 'node:crypto';
import { z } from 'zod';
import { messageOf } from '../../../base/errors.ts';
import type { Problem } from '../../../base/problem.ts';
import type { UserQueryOptions, UserQueryResult } from '../../../store/store.ts';
import type { TableContext } from '../table-context.ts';
import { differenceOf, type Difference, type TextRow } from './difference.ts';
import { runHostQuery } from './host-query.ts';
import type { Pack, PackQuery } from './pack.ts';

/** Counts up when the same SQL gives other columns or values than before: rows that were kept are then no base to compare with. */
const readingRevision = 2;

/** What each query of the packs gave last time, by `pack_PACK_QUERY`. */
export const packStateSchema = z.object({
  version: z.literal(1),
  queries: z.record(
    z.string(),
    z.object({
      /** SHA-256 of the revision and the SQL: a changed query begins anew. */
      sql: z.string(),
      /** How many times it ran. */
      counter: z.number(),
      rows: z.array(z.record(z.string(), z.string())),
    }),
  ),
});
export type PackState = z.infer<typeof packStateSchema>;

/** How one query of a pack went. */
export interface PackResult extends Difference {
  /** `pack_PACK_QUERY`, as osquery names it. */
  readonly name: string;
  readonly query: PackQuery;
  /** 0 for the first run, which tells no differences. */
  readonly counter: number;
  readonly rows: readonly TextRow[];
  /** First rows of the pack's decorators, their columns together. */
  readonly decorations: TextRow;
  readonly failed: string | undefined;
  readonly skipped: string | undefined;
  readonly empty: readonly { readonly table: string; readonly why: string }[];
  readonly problems: readonly Problem[];
}

/** Runs the queries of packs one after the other; `state` is brought up to date. A query that fails keeps its last rows. */
export async function* runPacks(
  packs: readonly Pack[],
  context: TableContext,
  state: PackState,
  options: UserQueryOptions,
): AsyncGenerator<PackResult> {
  for (const pack of packs) {
    const undiscovered = await whyUndiscovered(pack, context, options);
    const { decorations, problems } = await decorate(pack, context, options);
    for (const [index, query] of pack.queries.entries()) {
      const result = await runQuery(pack, query, undiscovered, { context, state, options });
      yield { ...result, decorations, problems: [...(index === 0 ? problems : []), ...result.problems] };
    }
  }
}

/** One that fails leaves its columns out and is told. */
async function decorate(
  pack: Pack,
  context: TableContext,
  options: UserQueryOptions,
): Promise<{ readonly decorations: TextRow; readonly problems: readonly Problem[] }> {
  const decorations: Record<string, string> = {};
  const problems: Problem[] = [];
  for (const sql of pack.decorators) {
    try {
      Object.assign(decorations, textRows(await runHostQuery(sql, context, options))[0]);
    } catch (error) {
      problems.push({
        code: 'unsupported',
        at: { path: pack.name },
        message: `a decorator of the pack failed: ${messageOf(error)}`,
      });
    }
  }
  return { decorations, problems };
}

async function whyUndiscovered(
  pack: Pack,
  context: TableContext,
  options: UserQueryOptions,
): Promise<string | undefined> {
  for (const sql of pack.discovery) {
    try {
      const { rows } = await runHostQuery(sql, context, options);
      if (rows.length === 0) return 'its discovery query gives no row';
    } catch (error) {
      return `its discovery query failed: ${messageOf(error)}`;
    }
  }
  return undefined;
}

async function runQuery(
  pack: Pack,
  query: PackQuery,
  undiscovered: string | undefined,
  run: { readonly context: TableContext; readonly state: PackState; readonly options: UserQueryOptions },
): Promise<Omit<PackResult, 'decorations'>> {
  const name = `pack_${pack.name}_${query.name}`;
  const none = { name, query, counter: 0, rows: [], added: [], removed: [], empty: [], problems: [] };
  const skipped = query.skipped ?? undiscovered;
  if (skipped !== undefined) return { ...none, skipped, failed: undefined };
  try {
    const result = await runHostQuery(query.sql, run.context, run.options);
    const problems = run.context.drainProblems();
    const rows = textRows(result);
    const sql = createHash('sha256').update(`${readingRevision} ${query.sql}`).digest('hex');
    const known = run.state.queries[name];
    const last = known?.sql === sql ? known : undefined;
    const difference = last === undefined ? { added: [], removed: [] } : differenceOf(last.rows, rows);
    const counter = last === undefined ? 0 : last.counter + 1;
    run.state.queries[name] = { sql, counter, rows: query.isSnapshot ? [] : [...rows] };
    const told = query.isSnapshot ? { added: [], removed: [] } : difference;
    const removed = query.tellsRemoved ? told.removed : [];
    const { empty } = result;
    return { name, query, counter, rows, added: told.added, removed, empty, problems, failed: undefined, skipped };
  } catch (error) {
    return { ...none, problems: run.context.drainProblems(), failed: messageOf(error), skipped: undefined };
  }
}

/** Values as texts, null as the empty text, yes and no as 1 and 0: as osquery writes them. */
export function textRows({ columns, rows }: UserQueryResult): TextRow[] {
  return rows.map((row) =>
    Object.fromEntries(
      row.map((value, index) => {
        const plain = typeof value === 'boolean' ? Number(value) : (value ?? '');
        return [columns[index]?.name ?? `column${index}`, String(plain)];
      }),
    ),
  );
}
