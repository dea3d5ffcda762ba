/** Cells of one row, RFC 4180: quoted cells, `""` for a quote in them. Undefined when a quoted cell does not end in this text. */
export function splitRow(text: string, delimiter: string): string[] | undefined {
  if (!text.includes('"')) return text.split(delimiter).map((cell) => cell.trim());
  const cells: string[] = [];
  let from = 0;
  while (from <= text.length) {
    const start = skipBlanks(text, from, delimiter);
    if (text[start] !== '"') {
      const end = endOf(text, delimiter, start);
      cells.push(text.slice(start, end).trim());
      from = end + 1;
      continue;
    }
    const close = closingQuote(text, start + 1);
    if (close < 0) return undefined;
    cells.push(
      text
        .slice(start + 1, close)
        .replaceAll('""', '"')
        .trim(),
    );
    from = endOf(text, delimiter, close + 1) + 1;
  }
  return cells;
}

/** The delimiter that cuts a header line into most cells; a comma when none does. */
export function guessDelimiter(header: string): string {
  let best = ',';
  let most = 1;
  for (const delimiter of [',', ';', '\t', '|']) {
    const count = splitRow(header, delimiter)?.length ?? 0;
    if (count > most) {
      best = delimiter;
      most = count;
    }
  }
  return best;
}

function skipBlanks(text: string, from: number, delimiter: string): number {
  let at = from;
  while ((text[at] === ' ' || text[at] === '\t') && text[at] !== delimiter) at++;
  return at;
}

function endOf(text: string, delimiter: string, from: number): number {
  const found = text.indexOf(delimiter, from);
  return found < 0 ? text.length : found;
}

function closingQuote(text: string, from: number): number {
  let at = text.indexOf('"', from);
  while (at >= 0 && text[at + 1] === '"') at = text.indexOf('"', at + 2);
  return at;
}
