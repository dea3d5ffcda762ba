/** Columns of a log, and characters of their names; more are an attacker's. */
const maxNames = 512;
const maxNamesLength = 16_384;
const fieldsMark = '#Fields:';

/** Names of the columns in a `#Fields:` line; undefined for any other line, and for one that names none or some twice. */
export function fieldNames(line: string): readonly string[] | undefined {
  if (!line.startsWith(fieldsMark)) return undefined;
  const list = line.slice(fieldsMark.length).trim();
  if (list === '' || list.length > maxNamesLength) return undefined;
  const names = list.split(/\s+/, maxNames + 1);
  return names.length <= maxNames && new Set(names).size === names.length ? names : undefined;
}

/** The day of a `#Date:` line, for rows that have a time only. */
export function dateOf(line: string): string | undefined {
  return /^#Date:\s*(?<day>\d{4}-\d\d-\d\d)\b/.exec(line)?.groups?.['day'];
}

/**
 * The values of a row: between tabs where it has any, else between blanks, where a value in quotes may have blanks of its own and doubles
 * its quotes. Values past the bound are joined into the last.
 */
export function valuesOf(line: string): readonly string[] {
  if (line.includes('\t')) return line.split('\t', maxNames + 1);
  const values: string[] = [];
  for (let at = 0; at < line.length && values.length <= maxNames;) {
    const quoted = line[at] === '"' ? quotedEnd(line, at) : undefined;
    const end = quoted ?? endOf(line, at);
    values.push(quoted === undefined ? line.slice(at, end) : line.slice(at + 1, end - 1).replaceAll('""', '"'));
    at = end;
    while (line[at] === ' ') at++;
  }
  return values;
}

function endOf(line: string, from: number): number {
  const end = line.indexOf(' ', from);
  return end < 0 ? line.length : end;
}

/** Behind the quote that closes a value and has a blank or the end after it; undefined where none does: the quote is the value's own then. */
function quotedEnd(line: string, from: number): number | undefined {
  for (let at = line.indexOf('"', from + 1); at > 0; at = line.indexOf('"', at + 1)) {
    if (line[at + 1] === '"') at++;
    else if (at + 1 === line.length || line[at + 1] === ' ') return at + 1;
  }
  return undefined;
}
