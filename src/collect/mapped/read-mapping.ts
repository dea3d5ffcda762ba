import type { Problem } from '../../base/problem.ts';
import { readYaml, type YamlEntry, type YamlMap } from '../../base/yaml-tree.ts';
import { isKindId, kindIds, type KindId } from '../../events/event.ts';
import type { Mapping, Reader } from '../../events/mapping.ts';
import { readField } from './fields.ts';
import type { LogMapping, MappingFile } from './log-mapping.ts';
import type { Prepare } from './units.ts';
import { didYouMean, textOf, unknownKeys, type Fault } from './yaml-faults.ts';

const topKeys = ['id', 'format', 'recognise', 'flat', 'kind', 'fields'];
const maxFields = 500;

/** Reads and checks a mapping file; see `docs/guide/own-logs.md`. Everything that is wrong is told, not only the first. */
export function readMapping(text: string): MappingFile {
  const problems: Problem[] = [];
  const fault: Fault = ({ line }, message) => void problems.push({ code: 'bad-record', at: { line }, message });
  const [document, ...more] = readYaml(text, { maxBytes: 1 << 20, maxNodes: 50_000 });
  if (document === undefined || 'fault' in document) {
    const at = document === undefined ? { line: 1, column: 1, offset: 0 } : document.fault.at;
    fault(at, document === undefined ? 'the file is empty' : document.fault.message);
    return { mapping: undefined, problems };
  }
  const { root } = document;
  if (more.length > 0) fault(root.at, 'more than one document: write one file for each log');
  if (root.kind !== 'map') fault(root.at, `no map with ${topKeys.join(', ')}`);
  const mapping = root.kind === 'map' ? readTop(root, fault) : undefined;
  return { mapping: problems.length > 0 ? undefined : mapping, problems };
}

function readTop(root: YamlMap, fault: Fault): LogMapping | undefined {
  unknownKeys(root, topKeys, fault);
  const entry = (name: string): YamlEntry | undefined =>
    root.entries.get(name) ?? fault(root.at, `"${name}" is missing`);
  const id = textOf(entry('id')?.value);
  if (id !== undefined && !/^[a-z0-9][a-z0-9-]{0,39}$/.test(id)) {
    fault(root.at, 'the id is made of small letters, digits and hyphens, at most 40');
  }
  const format = textOf(root.entries.get('format')?.value) ?? 'jsonl';
  if (format !== 'jsonl' && format !== 'csv') return fault(root.at, 'the format is jsonl or csv');
  const recognise = readRecognise(entry('recognise'), fault);
  const kind = readKind(entry('kind'), fault);
  const fields = entry('fields');
  if (id === undefined || kind === undefined || fields === undefined || recognise === undefined) return undefined;
  const read = readFields(fields, kind, fault);
  if (read === undefined) return undefined;
  const columns = { event_dataset: { constant: id }, ...read.columns };
  return {
    id,
    format,
    ...recognise,
    isFlat: format === 'csv' || textOf(root.entries.get('flat')?.value) === 'true',
    mapping: { kind, columns } as Mapping<KindId>,
    prepare: read.prepare,
  };
}

function readKind(entry: YamlEntry | undefined, fault: Fault): KindId | undefined {
  if (entry === undefined) return undefined;
  const kind = textOf(entry.value) ?? '';
  return isKindId(kind) ? kind : fault(entry.value.at, `there is no kind "${kind}"${didYouMean(kind, kindIds)}`);
}

function readRecognise(entry: YamlEntry | undefined, fault: Fault): Pick<LogMapping, 'keys' | 'values'> | undefined {
  if (entry === undefined) return undefined;
  const { value } = entry;
  if (value.kind !== 'map') return fault(value.at, 'recognise is a map with keys, and values where needed');
  unknownKeys(value, ['keys', 'values'], fault);
  const keys = value.entries.get('keys')?.value;
  const values = value.entries.get('values')?.value;
  const names = keys?.kind === 'list' ? keys.items.flatMap((item) => textOf(item) ?? []) : [];
  const texts = values?.kind === 'map' ? [...values.entries.values()] : [];
  if (names.length + texts.length === 0) {
    return fault(value.at, 'name keys, or values at keys, that each record of this log has and other logs have not');
  }
  return { keys: names, values: new Map(texts.map(({ key, value: text }) => [key, textOf(text) ?? ''])) };
}

function readFields(
  { value }: YamlEntry,
  kind: KindId,
  fault: Fault,
): { readonly columns: Readonly<Record<string, Reader>>; readonly prepare: ReadonlyMap<string, Prepare> } | undefined {
  if (value.kind !== 'map') return fault(value.at, 'fields is a map from columns to keys of the record');
  const columns: Record<string, Reader> = {};
  const prepare = new Map<string, Prepare>();
  for (const entry of [...value.entries.values()].slice(0, maxFields)) {
    const field = readField(entry, kind, fault);
    if (field === undefined) continue;
    columns[entry.key] = field.reader;
    if (field.prepare === undefined || !('path' in field.reader)) continue;
    const { path } = field.reader;
    if (prepare.has(path)) fault(entry.keyAt, `"${path}" is read with a unit for another column already`);
    prepare.set(path, field.prepare);
  }
  if (!value.entries.has('time')) return fault(value.at, 'no key is mapped to time');
  return { columns, prepare };
}
