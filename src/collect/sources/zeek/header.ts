import type { Mapping } from '../../../events/mapping.ts';
import { mappedPaths } from '../../mapping/mapped-paths.ts';
import type { DelimitedColumn, DelimitedLayout } from '../../../store/bulk.ts';
import { undoEscapes } from '../../mapping/escapes.ts';
import { logNamed, logOfFields, mappingOf } from './logs.ts';

/** What the `#` lines above the rows of a TSV log say. */
export interface Header {
  readonly separator: string;
  readonly setSeparator: string;
  readonly empty: string;
  readonly unset: string;
  readonly path: string | undefined;
  readonly fields: readonly string[] | undefined;
  readonly types: readonly string[] | undefined;
  /** Columns that labelling tools parted by blanks, behind the last separator. */
  readonly blankColumns: number;
}

export const defaultHeader: Header = {
  separator: '\t',
  setSeparator: ',',
  empty: '(empty)',
  unset: '-',
  path: undefined,
  fields: undefined,
  types: undefined,
  blankColumns: 0,
};

/** Columns beyond this many are nothing that Zeek writes. */
const maxColumns = 2000;

/** The header after one more `#` line. Unknown directives and comments change nothing; `#separator` begins a log anew. */
export function withDirective(header: Header, line: string): Header {
  const separatorLine = /^#separator (?<text>.{1,32})$/.exec(line)?.groups?.['text'];
  if (separatorLine !== undefined) {
    const separator = undoEscapes(separatorLine);
    return separator === '' ? header : { ...defaultHeader, separator };
  }
  const [name = '', ...values] = line.split(header.separator);
  const value = values[0] ?? '';
  switch (name) {
    case '#set_separator':
      return { ...header, setSeparator: undoEscapes(value) };
    case '#empty_field':
      return { ...header, empty: value };
    case '#unset_field':
      return { ...header, unset: value };
    case '#path':
      return { ...header, path: value, fields: undefined, types: undefined };
    case '#fields':
      return { ...header, ...blankParted(values), types: undefined };
    case '#types':
      return { ...header, types: blankParted(values).fields };
    default:
      return header;
  }
}

/**
 * Names in which the last cell holds several, parted by blanks: labelling tools (IoT-23, SLIPS) add their columns so,
 * behind Zeek's separator. A name of Zeek's has no blanks in it.
 */
function blankParted(values: readonly string[]): { fields: readonly string[]; blankColumns: number } {
  const last = values.at(-1)?.trim().split(/ +/) ?? [];
  const fields = [...values.slice(0, -1), ...last].slice(0, maxColumns);
  return { fields, blankColumns: last.length - 1 };
}

/** How rows below a header are laid out, and what they become. */
export interface TsvLog {
  readonly name: string;
  readonly layout: DelimitedLayout;
  readonly mapping: Mapping;
}

/** Undefined without `#fields`. Types count only where there is one for each field. */
export function logOfHeader(header: Header, nameHint: string | undefined): TsvLog | undefined {
  const { fields, types } = header;
  if (fields === undefined || fields.length === 0) return undefined;
  const name = logNamed(header.path, nameHint) ?? logOfFields(new Set(fields)) ?? 'unknown';
  const mapping = mappingOf(name);
  const lists = mappedPaths(mapping);
  const hasTypes = types?.length === fields.length;
  const columns = distinct(fields).map((field, index) => columnOf(field, hasTypes ? types[index] : undefined, lists));
  return {
    name,
    layout: {
      type: 'delimited',
      delimiter: header.separator,
      columns,
      unset: header.unset,
      empty: header.empty,
      listSeparator: header.setSeparator,
      comment: '#',
      unescape: undoEscapes,
    },
    mapping,
  };
}

/** Without its type (logs with a single line of names) a column is text, and a list where the mapping wants one. */
function columnOf(name: string, type: string | undefined, lists: ReadonlyMap<string, boolean>): DelimitedColumn {
  if (type === undefined) return { name, isList: lists.get(name) ?? false, isText: true };
  const inner = /^(?:set|vector|table)\[(?<inner>[^\]]*)\]$/.exec(type)?.groups?.['inner'];
  const json = jsonTypes[inner ?? type];
  const isText = json === undefined && !plainTypes.has(inner ?? type);
  return { name, isList: inner !== undefined, isText, ...(json === undefined ? {} : { json }) };
}

const jsonTypes: Readonly<Record<string, NonNullable<DelimitedColumn['json']>>> = {
  count: 'number',
  int: 'number',
  double: 'number',
  port: 'number',
  interval: 'number',
  bool: 'boolean',
  time: 'time',
};
/** Types whose values are never escaped. */
const plainTypes: ReadonlySet<string> = new Set(['addr', 'subnet', 'enum']);

/** A name that stands twice gets a number, so that neither column is lost. */
function distinct(fields: readonly string[]): string[] {
  const seen = new Map<string, number>();
  return fields.map((field) => {
    const times = (seen.get(field) ?? 0) + 1;
    seen.set(field, times);
    return times === 1 ? field : `${field}#${times}`;
  });
}

/** A first line of names, where a log was written with `LogAscii::tsv` and so without `#` lines. */
export function headerlessFields(line: string): readonly string[] | undefined {
  if (line.startsWith('#') || !line.includes('\t')) return undefined;
  const names = line.split('\t');
  const areNames = names.every((name) => /^[A-Za-z_][\w.]{0,80}$/.test(name));
  return areNames && names.includes('ts') ? names.slice(0, maxColumns) : undefined;
}
