/** A value in SQL, and what makes a row irregular: each condition is true for a row that JavaScript has to decide about. */
export interface Fragment {
  /** NULL where nothing is set. */
  readonly sql: string;
  readonly irregular: readonly string[];
}

export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

export function listLiteral(texts: readonly string[]): string {
  return `[${texts.map(literal).join(', ')}]`;
}

/** True when any condition is; never NULL. */
export function anyOf(conditions: readonly string[]): string {
  const distinct = [...new Set(conditions)];
  return distinct.length === 0
    ? 'FALSE'
    : `coalesce(${distinct.map((condition) => `(${condition})`).join(' OR ')}, FALSE)`;
}
