import { textWidth } from '../../text/text-width.ts';
import { hang, wrap } from '../../text/wrap.ts';

export interface Column {
  readonly title: string;
  /** Columns that share what is left over by their share; 0 for one as wide as its longest cell. */
  readonly share: number;
  readonly isNumber?: true;
}

const gap = 2;
/** Narrower than this a flexible column is unreadable, and rows are written as blocks instead. */
const leastFlexible = 18;

/** A table without rules; cells wrap inside their columns. Too narrow a terminal gets `title: cell` blocks. */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[], width: number): string[] {
  const fixed = columns.map((column, at) =>
    column.share > 0 ? 0 : Math.max(textWidth(column.title), ...rows.map((row) => textWidth(row[at] ?? ''))),
  );
  const free = width - gap * (columns.length - 1) - fixed.reduce((sum, size) => sum + size, 0);
  const shares = columns.reduce((sum, column) => sum + column.share, 0);
  const widths = columns.map((column, at) =>
    column.share > 0 ? Math.floor((free * column.share) / shares) : (fixed[at] ?? 0),
  );
  const isNarrow = columns.some((column, at) => column.share > 0 && (widths[at] ?? 0) < leastFlexible);
  if (isNarrow) return rows.flatMap((row) => blockOf(columns, row, width));
  return [columns.map((column) => column.title), ...rows].flatMap((row) => rowLines(columns, row, widths));
}

function blockOf(columns: readonly Column[], row: readonly string[], width: number): string[] {
  return columns.flatMap((column, at) => {
    const cell = row[at] ?? '';
    return cell === '' ? [] : hang(at === 0 ? '' : `  ${column.title}: `, cell, width);
  });
}

function rowLines(columns: readonly Column[], row: readonly string[], widths: readonly number[]): string[] {
  const cells = columns.map((_column, at) => wrap(row[at] ?? '', widths[at] ?? 0));
  const height = Math.max(1, ...cells.map((lines) => lines.length));
  return Array.from({ length: height }, (_none, line) =>
    columns
      .map((column, at) => {
        const text = cells[at]?.[line] ?? '';
        const fill = ' '.repeat(Math.max((widths[at] ?? 0) - textWidth(text), 0));
        return column.isNumber === true ? `${fill}${text}` : `${text}${fill}`;
      })
      .join(' '.repeat(gap))
      .trimEnd(),
  );
}
