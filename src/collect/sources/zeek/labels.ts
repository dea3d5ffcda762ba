/**
 * A row whose last cells are parted by blanks (see `Header.blankColumns`), with the separator in their place. The last of
 * them may hold blanks itself.
 */
export function withoutBlanks(row: Buffer, separator: string, blankColumns: number): Buffer {
  const text = row.toString('latin1');
  const last = text.lastIndexOf(separator) + separator.length;
  const parts = text.slice(last).trim().split(/ +/);
  const cells = [...parts.slice(0, blankColumns), parts.slice(blankColumns).join(' ')];
  return Buffer.from(text.slice(0, last) + cells.join(separator), 'latin1');
}
