import type { Mapping } from '../../../events/mapping.ts';
import { mappedPaths } from '../../mapping/mapped-paths.ts';
import type { DelimitedLayout } from '../../../store/bulk.ts';
import { undoEscapes } from '../../mapping/escapes.ts';
import { logOfFields, mappingOf } from './logs.ts';

/** What the `#` lines above the rows of a TSV log say. */
export interface Header {
  readonly separator: string;
  readonly setSeparator: string;
  readonly empty: string;
  readonly unset: string;
  readonly path: string | undefined;
  readonly fields: readonly string[] | undefined;
  readonly types: readonly string[] | undefined;
}

export const defaultHeader: Header = {
  separator: '\t',
  setSeparator: ',',
  empty: '(empty)',
  unset: '-',
  path: undefined,
  fields: undefined,
  types: undefined,
};

/** Columns beyond this many are nothing that Zeek writes. */
const maxColumns = 2000;

/** The header after one more `#` line. Unknown directives and comments change nothing; `#fields` begins a log anew. */
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
      return { ...header, fields: values.slice(0, maxColumns), types: undefined };
    case '#types':
      return { ...header, types: values.slice(0, maxColumns) };
    default:
      return header;
  }
}

/** How rows below a header are laid out, and what they become. Undefined without `#fields`. */
export function layoutOf(
  header: Header,
  nameHint: string | undefined,
): { layout: DelimitedLayout; mapping: Mapping; log: string } | undefined {
  if (header.fields === undefined || header.fields.length === 0) return undefined;
  const log = header.path ?? nameHint ?? logOfFields(new Set(header.fields)) ?? 'unknown';
  const mapping = mappingOf(log);
  const paths = mappedPaths(mapping);
  const columns = header.fields.map((field, index) => {
    const name = canonicalName(field, paths);
    const type = header.types?.[index];
    const isList = type === undefined ? (paths.get(name) ?? false) : /^(?:set|vector|table)\[/.test(type);
    return { name, isList, isText: type === undefined || /string|enum|func|pattern|file|any/.test(type) };
  });
  return {
    layout: {
      type: 'delimited',
      delimiter: header.separator,
      columns,
      unset: header.unset,
      empty: header.empty,
      listSeparator: header.setSeparator,
      comment: '#',
    },
    mapping,
    log,
  };
}

/** Zeek can write `id_orig_h` for `id.orig_h`, and sites rename the ends: the mapping knows them by Zeek's own names. */
export function canonicalName(field: string, paths: ReadonlyMap<string, boolean>): string {
  if (paths.has(field)) return field;
  const renamed = renamedEnds[field];
  if (renamed !== undefined && paths.has(renamed)) return renamed;
  for (const path of paths.keys()) if (path.includes('.') && path.replaceAll('.', '_') === field) return path;
  return field;
}

const renamedEnds: Readonly<Record<string, string>> = {
  src_ip: 'id.orig_h',
  src_port: 'id.orig_p',
  dst_ip: 'id.resp_h',
  dst_port: 'id.resp_p',
};

/** A first line of names, where a log was written with `LogAscii::tsv` and without `#` lines. */
export function headerlessFields(line: string): readonly string[] | undefined {
  if (line.startsWith('#') || !line.includes('\t')) return undefined;
  const names = line.split('\t');
  const areNames = names.every((name) => /^[A-Za-z_][\w.]{0,80}$/.test(name));
  return areNames && names.includes('ts') ? names.slice(0, maxColumns) : undefined;
}
