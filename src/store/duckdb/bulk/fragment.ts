/** A value in SQL, and what makes a row irregular: each condition is true for a row that JavaScript has to decide about. */
export interface Fragment {
  /** NULL where nothing is set. */
  readonly sql: string;
  readonly irregular: readonly string[];
}

/** What a format says about the value at one path; each conversion picks the form that it needs. */
export interface Operand {
  /** As text in the sense of the conversion `text`. */
  readonly text: Fragment;
  /** As a list of text. */
  readonly list: Fragment;
  /** As JSON text. */
  readonly json: Fragment;
  /** The cell; NULL where nothing is set. It was looked at before: a number, time, address or truth value is written as it should be. */
  readonly scalar: string;
  /** As a time in µs, where it is written in a way that other numbers are not. */
  readonly micros?: Fragment;
}

export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** True when any condition is; never NULL. */
export function anyOf(conditions: readonly string[]): string {
  const distinct = [...new Set(conditions)];
  return distinct.length === 0
    ? 'FALSE'
    : `coalesce(${distinct.map((condition) => `(${condition})`).join(' OR ')}, FALSE)`;
}
