/** Columns of one line; an attacker's line has as many as it has bytes. */
const maxColumns = 4096;

/**
 * Fields of one line of comma-separated values (RFC 4180): quotes around a field, doubled inside it. Undefined for a quote
 * that is not closed on the line. Columns past the bound are joined into the last.
 */
export function splitCsv(line: string, separator = ','): string[] | undefined {
  const fields: string[] = [];
  for (let at = 0; ;) {
    if (fields.length === maxColumns - 1) {
      fields.push(line.slice(at));
      return fields;
    }
    if (line[at] === '"') {
      const field = quotedField(line, at);
      if (field === undefined) return undefined;
      fields.push(field.text);
      at = field.end;
      const rest = endOf(line, at, separator);
      // What stands behind a closed quote belongs to the field, as spreadsheets have it.
      if (rest > at) fields[fields.length - 1] += line.slice(at, rest);
      at = rest;
    } else {
      const end = endOf(line, at, separator);
      fields.push(line.slice(at, end));
      at = end;
    }
    if (at >= line.length) return fields;
    at += separator.length;
  }
}

function endOf(line: string, from: number, separator: string): number {
  const end = line.indexOf(separator, from);
  return end < 0 ? line.length : end;
}

function quotedField(line: string, from: number): { readonly text: string; readonly end: number } | undefined {
  let text = '';
  let start = from + 1;
  for (;;) {
    const quote = line.indexOf('"', start);
    if (quote < 0) return undefined;
    text += line.slice(start, quote);
    if (line[quote + 1] !== '"') return { text, end: quote + 1 };
    text += '"';
    start = quote + 2;
  }
}

/** The fields of a line under the names of a header; undefined when there are more of them than names. */
export function rowOf(header: readonly string[], fields: readonly string[]): Record<string, string> | undefined {
  if (fields.length > header.length) return undefined;
  return Object.fromEntries(fields.map((field, index) => [header[index] ?? '', field]));
}
