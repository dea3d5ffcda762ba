import { csvLine } from '../base/csv-cell.ts';
import { formatIso } from '../base/time.ts';
import type { Problem } from '../base/problem.ts';
import type { RuleHunt } from '../case/service.ts';

/** Rows of a question in SQL, or of a hunt with rules. */
type Rows = Pick<RuleHunt, 'columns' | 'rows' | 'isCut'>;
type Cell = Rows['rows'][number][number];

const maxColumnWidth = 60;

/** Text for one cell: times as ISO 8601, lists as JSON, texts by name as `name=text`, null as nothing; control characters replaced. */
function cellText(value: Cell, type: string): string {
  if (value === null) return '';
  if (typeof value === 'number' && type.startsWith('TIMESTAMP')) return formatIso(value);
  return plainText(value).replaceAll(/\p{Cc}/gu, '\uFFFD');
}

function plainText(value: NonNullable<Cell>): string {
  if (typeof value !== 'object') return String(value);
  if (!isByName(value)) return JSON.stringify(value);
  const texts = Object.entries(value).map(([name, text]) => `${name}=${text}`);
  return texts.join(' ');
}

/** `Array.isArray` does not tell a read-only list from the rest. */
function isByName(value: Cell): value is Readonly<Record<string, string>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Aligned columns, as wide as their contents up to a bound, cut at the width of the terminal. */
export function rowsAsTable(result: Rows, width: number): string {
  const texts = result.rows.map((row) => row.map((value, index) => cellText(value, result.columns[index]?.type ?? '')));
  const widths = result.columns.map((column, index) => {
    const longest = Math.max(column.name.length, ...texts.map((row) => row[index]?.length ?? 0));
    return Math.min(longest, maxColumnWidth);
  });
  const isNumber = result.columns.map(({ type }) => /INT|DOUBLE|FLOAT|DECIMAL/.test(type));
  const line = (cells: readonly string[]): string => {
    const parts = cells.map((cell, index) => {
      const size = widths[index] ?? 0;
      const cut = cell.length > size ? `${cell.slice(0, size - 1)}…` : cell;
      return isNumber[index] === true ? cut.padStart(size) : cut.padEnd(size);
    });
    const joined = parts.join('  ').trimEnd();
    return joined.length > width && width > 20 ? `${joined.slice(0, width - 1)}…` : joined;
  };
  const head = [line(result.columns.map((column) => column.name)), line(widths.map((size) => '─'.repeat(size)))];
  return `${[...head, ...texts.map(line)].join('\n')}\n${result.rows.length} ${result.rows.length === 1 ? 'row' : 'rows'}\n`;
}

/** RFC 4180, safe to open in a spreadsheet. */
export function rowsAsCsv(result: Rows): string {
  const lines = result.rows.map((row) =>
    csvLine(row.map((value, index) => cellText(value, result.columns[index]?.type ?? ''))),
  );
  return csvLine(result.columns.map((column) => column.name)) + lines.join('');
}

/** What stood in the way of a full answer. */
export interface RowCaveats {
  readonly problems: readonly Problem[];
  readonly notChecked: readonly { readonly what: string; readonly why: string }[];
}

/** The report shape with the rows beside it, and what else a command says, so that one reader serves every command. */
export function rowsAsJson(
  result: Rows,
  caseFolder: string,
  caveats: RowCaveats = { problems: [], notChecked: [] },
  beside: Readonly<Record<string, unknown>> = {},
): string {
  const rows = result.rows.map((row) =>
    Object.fromEntries(
      row.map((value, index) => {
        const column = result.columns[index];
        const isTime = typeof value === 'number' && column?.type.startsWith('TIMESTAMP') === true;
        return [column?.name ?? `column${index}`, isTime ? formatIso(value) : value];
      }),
    ),
  );
  const report = {
    schema: 'vakthund.report/1',
    case: caseFolder,
    evidence: [],
    incidents: [],
    findings: [],
    problems: caveats.problems,
    not_checked: caveats.notChecked,
    columns: result.columns,
    rows,
    is_cut: result.isCut,
    ...beside,
  };
  return `${JSON.stringify(report, null, 1)}\n`;
}
