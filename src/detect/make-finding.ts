import { stableId } from '../base/id.ts';
import type { EvidencePointer, Finding, Severity } from '../events/finding.ts';
import type { Macros } from '../store/macros.ts';
import type { SqlRow } from '../store/store.ts';

/** Pointers that a finding keeps. */
export const maxPointers = 20;

/** A finding whose id follows from its detector and from what it is about, so that a later run says the same id. */
export function makeFinding(finding: Omit<Finding, 'id'> & { readonly about: readonly string[] }): Finding {
  const { about, ...rest } = finding;
  return {
    id: stableId('f-', [finding.detector, ...about]),
    ...rest,
    evidence: finding.evidence.slice(0, maxPointers),
  };
}

/**
 * Pointers of a row that selects `pointerColumns`: the first and the last event behind it, and some between.
 */
export function pointersOf(row: SqlRow): EvidencePointer[] {
  const ids = listOf(row['pointer_ids']);
  const places = listOf(row['pointer_places']);
  const pointers = ids.map((id, index) => ({ evidence_id: Number(id), at: Number(places[index] ?? 0) }));
  const last = { evidence_id: Number(row['last_id'] ?? 0), at: Number(row['last_place'] ?? 0) };
  const isThere = pointers.some((pointer) => pointer.evidence_id === last.evidence_id && pointer.at === last.at);
  return isThere || last.evidence_id === 0 ? pointers : [...pointers.slice(0, maxPointers - 1), last];
}

function listOf(value: SqlRow[string] | undefined): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Aggregates that `pointersOf` reads: for a query that groups events. */
export function pointerColumns(macros: Pick<Macros, 'firstsBy' | 'lastBy'>): string {
  const firsts = (column: string): string => macros.firstsBy(column, ['time', 'evidence_at'], maxPointers - 1);
  return `${firsts('evidence_id')} AS pointer_ids, ${firsts('evidence_at')} AS pointer_places,
    ${macros.lastBy('evidence_id', 'time')} AS last_id, ${macros.lastBy('evidence_at', 'time')} AS last_place`;
}

/** Strength from 0 to 1 in words. */
export function severityOf(score: number): Severity {
  if (score >= 0.9) return 'critical';
  if (score >= 0.7) return 'high';
  if (score >= 0.45) return 'medium';
  return score >= 0.2 ? 'low' : 'info';
}

/** Text entries of a result column that holds a list or null. */
export function textsOf(value: SqlRow[string] | undefined): string[] {
  return listOf(value).filter((entry): entry is string => typeof entry === 'string');
}
