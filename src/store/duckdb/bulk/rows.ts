import type { Fragment } from './fragment.ts';

/** What the columns of an event are in the rows of a layout. */
export interface Rows {
  /** Times as µs. */
  readonly columns: ReadonlyMap<string, Fragment>;
  readonly evidenceAt: string;
  readonly evidenceLine: string;
  /** Conditions that make a row irregular whatever its columns hold. */
  readonly irregular: readonly string[];
}

/** A JSON object of members of which some are NULL; NULL when all are. */
export function objectOf(members: readonly string[]): string {
  return members.length === 0 ? 'NULL' : `'{' || nullif(concat_ws(',', ${members.join(', ')}), '') || '}'`;
}
