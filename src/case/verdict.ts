import type { Problem } from '../base/problem.ts';
import { earliestMicros, formatIso } from '../base/time.ts';
import type { KindId } from '../events/event.ts';
import { kindIds } from '../events/event.ts';
import type { Suppressed } from '../incidents/suppress/suppress.ts';
import type { Forgotten, Store } from '../store/store.ts';
import type { NotChecked } from './detect.ts';
import type { EvidenceSummary, Verdict } from './service.ts';

/** Reads the whole verdict back from the store. */
export async function readVerdict(store: Store, caseFolder: string): Promise<Verdict> {
  const rows = await store.evidence();
  const paths = new Map(rows.map((row) => [row.evidence_id, row.path]));
  const counts = new Map<number, Partial<Record<KindId, number>>>();
  for (const { evidence_id, kind, events } of await store.evidenceCounts()) {
    counts.set(evidence_id, { ...counts.get(evidence_id), [kind]: events });
  }
  const stored = await store.problems();
  const problemCounts = new Map<number, number>();
  for (const { evidence_id, count } of stored) {
    if (evidence_id !== null) problemCounts.set(evidence_id, (problemCounts.get(evidence_id) ?? 0) + (count ?? 1));
  }
  const evidence: EvidenceSummary[] = rows.map((row) => ({
    evidence_id: row.evidence_id,
    path: row.path,
    sha256: row.sha256,
    source: row.source,
    size: row.size,
    is_complete: row.is_complete,
    events: counts.get(row.evidence_id) ?? {},
    problems: problemCounts.get(row.evidence_id) ?? 0,
  }));
  return {
    caseFolder,
    evidence,
    findings: await store.findings(),
    incidents: await store.incidents(),
    suppressed: await readSuppressed(store),
    problems: stored.map(({ evidence_id, ...problem }) =>
      withPath(problem, evidence_id === null ? undefined : paths.get(evidence_id)),
    ),
    notChecked: [
      ...notCheckedOf(evidence),
      ...(await store.forgotten()).map(absence),
      ...(JSON.parse((await store.setting('not_checked')) ?? '[]') as NotChecked[]),
    ],
    ran: JSON.parse((await store.setting('ran')) ?? '[]') as string[],
    span: await spanOf(store),
  };
}

export async function readSuppressed(store: Store): Promise<Suppressed[]> {
  return JSON.parse((await store.setting('suppressed')) ?? '[]') as Suppressed[];
}

function withPath(problem: Problem, path: string | undefined): Problem {
  return path === undefined ? problem : { ...problem, at: { ...problem.at, path } };
}

/** Evidence that nobody read is something that was not checked. */
function notCheckedOf(evidence: readonly EvidenceSummary[]): NotChecked[] {
  const unknown = evidence.filter((row) => row.source === null);
  const unfinished = evidence.filter((row) => row.source !== null && !row.is_complete);
  return [
    ...unknown.map((row) => ({ what: row.path, why: 'no source recognises the format' })),
    ...unfinished.map((row) => ({ what: row.path, why: 'reading stopped before its end; run the command again' })),
  ];
}

/** Events that are not there any more are not judged any more. */
function absence({ kind, events, first, last }: Forgotten): NotChecked {
  const what = `${kind} events from ${formatIso(first)} to ${formatIso(last)}`;
  return {
    what,
    why: `${events} of them were forgotten, by age, by disk or on demand, or their files were gone or damaged`,
  };
}

/** First and last event of the case whose clock can be right; where none can, as in a capture of a machine that has no clock, of all. */
export async function spanOf(store: Store): Promise<Verdict['span']> {
  const { macros } = store;
  const low = macros.toTime(String(earliestMicros));
  const within = async (condition: string): Promise<Verdict['span']> => {
    const parts = kindIds.map((kind) => `SELECT min(time) AS f, max(time) AS l FROM ${kind} WHERE ${condition}`);
    const [row] = await store.query(`SELECT min(f) AS first, max(l) AS last FROM (${parts.join(' UNION ALL ')})`);
    if (row === undefined || row['first'] === null) return undefined;
    return { first: Number(row['first']), last: Number(row['last']) };
  };
  return (await within(`time > ${low}`)) ?? (await within('TRUE'));
}
