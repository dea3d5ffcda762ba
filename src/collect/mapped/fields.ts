import type { YamlEntry, YamlMap } from '../../base/yaml-tree.ts';
import { columnEntries, type KindId } from '../../events/event.ts';
import type { ColumnSpec, ColumnType } from '../../events/kind.ts';
import type { Conversion, Reader } from '../../events/mapping.ts';
import { didYouMean, textOf, unknownKeys, type Fault } from './yaml-faults.ts';
import { prepareFor, type Prepare } from './units.ts';

export interface Field {
  readonly reader: Reader;
  readonly prepare: Prepare | undefined;
}

/** Columns that the case sets. */
const ownColumns = new Set(['evidence_id', 'evidence_at', 'fields', 'raw']);
/** How each type of column is read. */
const conversions: Readonly<Record<ColumnType, Conversion>> = {
  text: 'text',
  integer: 'integer',
  real: 'real',
  boolean: 'boolean',
  time: 'seconds',
  duration: 'interval',
  ip: 'ip',
  'text[]': 'list',
  json: 'json',
};
/** Columns of names, which are compared in lower case without a final dot. */
const nameColumns = /^(?:dns_question_name|url_domain|tls_client_server_name)$/;

/** One line of `fields`: `column: key`, or `column: { from, unit, values, constant }`. */
export function readField({ key, keyAt, value }: YamlEntry, kind: KindId, fault: Fault): Field | undefined {
  const columns = new Map(columnEntries(kind));
  const spec = ownColumns.has(key) ? undefined : columns.get(key);
  if (spec === undefined) {
    return fault(keyAt, `${kind} has no column "${key}"${didYouMean(key, [...columns.keys()])}`);
  }
  const as = nameColumns.test(key) ? 'name' : conversions[spec.type];
  const path = textOf(value);
  if (path !== undefined) return { reader: { path, as }, prepare: undefined };
  if (value.kind !== 'map') return fault(value.at, `${key} is a key of the record, or a map with from`);
  unknownKeys(value, ['from', 'unit', 'values', 'constant'], fault);
  const constant = value.entries.get('constant');
  if (constant !== undefined) return constantField(constant, key, spec, fault);
  const from = textOf(value.entries.get('from')?.value);
  if (from === undefined) return fault(value.at, `${key} says neither from nor constant`);
  return pathField(value, { path: from, as }, key, spec, fault);
}

function constantField({ value }: YamlEntry, column: string, { type }: ColumnSpec, fault: Fault): Field | undefined {
  const constant = value.kind === 'scalar' ? value.value : null;
  const fits =
    (type === 'text' && typeof constant === 'string') ||
    (type === 'integer' && Number.isSafeInteger(constant)) ||
    (type === 'boolean' && typeof constant === 'boolean');
  if (!fits || constant === null) return fault(value.at, `this is no constant for ${column}, which is ${type}`);
  return { reader: { constant }, prepare: undefined };
}

function pathField(
  map: YamlMap,
  reader: { readonly path: string; readonly as: Conversion },
  column: string,
  { type, unit: ownUnit }: ColumnSpec,
  fault: Fault,
): Field | undefined {
  const values = map.entries.get('values')?.value;
  const unit = map.entries.get('unit');
  if (values !== undefined && (values.kind !== 'map' || type !== 'text')) {
    return fault(values.at, `values is a map from text to text, for columns of text`);
  }
  const table =
    values?.kind === 'map'
      ? Object.fromEntries([...values.entries.values()].map(({ key, value }) => [key, textOf(value) ?? '']))
      : undefined;
  const whole = table === undefined ? reader : { ...reader, table };
  if (unit === undefined) return { reader: whole, prepare: undefined };
  const prepare = prepareFor(textOf(unit.value) ?? '', type, ownUnit === 'bytes');
  if (typeof prepare === 'string') return fault(unit.value.at, `the unit of ${column} ${prepare}`);
  return { reader: whole, prepare };
}
