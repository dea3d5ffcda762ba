import type { Location } from '../../../../base/errors.ts';
import { quote } from '../../../../base/problem.ts';
import type { IndicatorKind } from '../../format.ts';
import { kindOfName } from '../../kind-names.ts';
import { joined, parseConfidence, type EntryBatch } from '../../reading/entries.ts';

/** A record of any of the exports, by its column names in lower case. Unset cells are empty. */
export type Fields = ReadonlyMap<string, string>;

/** Columns that hold a value, each with its kind. */
const valueColumns: ReadonlyMap<string, IndicatorKind> = new Map<string, IndicatorKind>([
  ['url', 'url'],
  ['dst_ip', 'address'],
  ['dstip', 'address'],
  ['ip_address', 'address'],
  ['sha1', 'sha1'],
  ['ja3_md5', 'ja3'],
  ['sha256_hash', 'sha256'],
  ['md5_hash', 'md5'],
  ['sha1_hash', 'sha1'],
]);

const descriptionColumns = [
  'malware_printable',
  'malware',
  'signature',
  'listingreason',
  'threat_type',
  'threat',
  'tags',
  'file_name',
];

/** A column that each export has beside its values: a row may hold the name of a value column as a type. */
const companionColumns = new Set([
  'ioc_id',
  'dateadded',
  'dst_port',
  'dstport',
  'listingreason',
  'first_seen_utc',
  'firstseen',
]);

/** True for the cells of the line that names the columns; the exports write it as a comment or as a first row. */
export function isHeader(cells: readonly string[]): boolean {
  const names = cells.map((cell) => cell.toLowerCase());
  const hasValue = names.some((name) => name === 'ioc_value' || valueColumns.has(name));
  return hasValue && names.some((name) => companionColumns.has(name));
}

export function addRecord(batch: EntryBatch, fields: Fields, at: Location): void {
  const details = {
    description: joined([...descriptionColumns.map((name) => told(fields, name)), portOf(fields)]),
    confidence: parseConfidence(fields.get('confidence_level') ?? ''),
  };
  const ioc = told(fields, 'ioc_value') ?? told(fields, 'ioc');
  if (ioc !== undefined) {
    const type = fields.get('ioc_type') ?? '';
    const kind = kindOfName(type);
    if (kind === undefined) batch.problem('unsupported', at, `entries of type ${quote(type)} are not matched`);
    else batch.add(kind, ioc, at, details);
    return;
  }
  let found = 0;
  for (const [name, kind] of valueColumns) {
    const value = told(fields, name);
    if (value === undefined) continue;
    found++;
    batch.add(kind, value, at, details);
  }
  if (found === 0) batch.problem('bad-record', at, 'a record has no value; it was left out');
}

function told(fields: Fields, name: string): string | undefined {
  const value = fields.get(name);
  return value === undefined || value === '' || value === 'None' || value === 'n/a' ? undefined : value;
}

function portOf(fields: Fields): string | undefined {
  const port = told(fields, 'dst_port') ?? told(fields, 'dstport') ?? told(fields, 'port');
  return port === undefined ? undefined : `port ${port}`;
}
