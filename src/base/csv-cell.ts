/**
 * One line of CSV (RFC 4180) with its end. Cells that a spreadsheet would run as a formula get a leading apostrophe:
 * text out of evidence must not become a command on the reader's machine. Numbers stay numbers.
 */
export function csvLine(cells: readonly string[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}

function csvCell(text: string): string {
  const safe = /^\s*[=+\-@\t\r＝＋－＠]/u.test(text) && Number.isNaN(Number(text)) ? `'${text}` : text;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
