import { LineCounter, isMap, isScalar, isSeq, type Node } from 'yaml';
import { nearest } from '../../base/nearest.ts';
import type { Problem } from '../../base/problem.ts';
import { parseYaml } from '../../base/yaml-parse.ts';
import { rowOf, splitCsv } from '../csv.ts';
import { assetColumns, toAsset, type Asset, type AssetColumn, type AssetEntry } from './asset.ts';

const maxAssets = 200_000;
const maxTextLength = 32_000_000;

export interface AssetFile {
  readonly assets: readonly Asset[];
  /** Entries that were left out, with their lines. */
  readonly problems: readonly Problem[];
}

type Placed = AssetEntry & { readonly line: number };

/**
 * Reads a list of assets. CSV has a header of `kind` (host when it is missing) and the columns of `assetColumns`; several values in a field are
 * parted by `;`. YAML and JSON have lists `hosts`, `users` and `networks` of maps with the same keys. An entry that is wrong is left out.
 */
export function readAssets(name: string, text: string): AssetFile {
  const problems: Problem[] = [];
  const report = (line: number, message: string): void =>
    void problems.push({ code: 'bad-record', at: { line }, message });
  if (text.length > maxTextLength) {
    report(1, `a list of more than ${maxTextLength} characters is not read`);
    return { assets: [], problems };
  }
  const entries = name.toLowerCase().endsWith('.csv') ? csvEntries(text, report) : yamlEntries(text, report);
  const assets: Asset[] = [];
  for (const entry of entries) {
    if (assets.length === maxAssets) {
      problems.push({ code: 'limit-reached', at: { line: entry.line }, message: `more than ${maxAssets} assets` });
      break;
    }
    const asset = toAsset(entry);
    if (typeof asset === 'string') report(entry.line, asset);
    else assets.push(asset);
  }
  return { assets, problems };
}

type Report = (line: number, message: string) => void;

function* csvEntries(text: string, report: Report): Generator<Placed> {
  const [first = '', ...lines] = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  const separator = first.includes(';') && !first.includes(',') ? ';' : ',';
  const header = (splitCsv(first, separator) ?? []).map((column) => column.trim().toLowerCase());
  for (const column of header) if (column !== 'kind' && !isColumn(column)) report(1, unknownColumn(column));
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') continue;
    const fields = splitCsv(line, separator);
    const row = fields === undefined ? undefined : rowOf(header, fields);
    if (row === undefined) {
      report(index + 2, 'a line with a quote that is not closed, or with more fields than the header has');
      continue;
    }
    const values = Object.entries(row).flatMap(([column, value]) => {
      const parts = (separator === ';' ? [value] : value.split(';'))
        .map((part) => part.trim())
        .filter((part) => part !== '');
      return isColumn(column) && parts.length > 0 ? [[column, parts] as const] : [];
    });
    const kind = row['kind']?.trim() ?? '';
    yield { kind: kind === '' ? 'host' : kind, fields: Object.fromEntries(values), line: index + 2 };
  }
}

const lists: ReadonlyMap<string, string> = new Map([
  ['hosts', 'host'],
  ['users', 'user'],
  ['networks', 'network'],
]);

function* yamlEntries(text: string, report: Report): Generator<Placed> {
  const lines = new LineCounter();
  const document = parseYaml(text, { lineCounter: lines, uniqueKeys: true });
  const lineOf = (node: Node | null | undefined): number => lines.linePos(node?.range?.[0] ?? 0).line;
  const [fault] = document.errors;
  const { contents } = document;
  if (fault !== undefined || !isMap(contents)) {
    const why = fault?.message.split('\n')[0] ?? 'no map with the lists hosts, users and networks';
    return report(fault === undefined ? 1 : lines.linePos(fault.pos[0]).line, why);
  }
  for (const { key, value } of contents.items) {
    const list = String(key);
    const kind = lists.get(list);
    if (kind === undefined || !isSeq(value)) {
      report(lineOf(key as Node), `"${list.slice(0, 40)}" is none of the lists hosts, users and networks`);
      continue;
    }
    for (const item of value.items as Node[]) {
      const line = lineOf(item);
      if (isMap(item)) yield { kind, fields: fieldsOf(item.items, line, report), line };
      else report(line, `an entry of ${list} that is no map`);
    }
  }
}

function fieldsOf(
  pairs: readonly { readonly key: unknown; readonly value: unknown }[],
  line: number,
  report: Report,
): AssetEntry['fields'] {
  const fields: Partial<Record<AssetColumn, string[]>> = {};
  for (const { key, value } of pairs) {
    const column = String(key);
    if (!isColumn(column)) {
      report(line, unknownColumn(column));
      continue;
    }
    const nodes: unknown[] = isSeq(value) ? value.items : [value];
    const texts = nodes.flatMap((node) => (isScalar(node) && node.value !== null ? [scalarText(node)] : []));
    if (texts.length > 0) fields[column] = texts;
  }
  return fields;
}

/** As it is written: `00:11` is no time and `1e3` no number here. */
function scalarText(node: { readonly source?: string | undefined; readonly value: unknown }): string {
  return node.source ?? String(node.value);
}

function isColumn(name: string): name is AssetColumn {
  return (assetColumns as readonly string[]).includes(name);
}

function unknownColumn(name: string): string {
  const near = nearest(name, assetColumns);
  const hint = near === undefined ? `known are ${assetColumns.join(', ')}` : `did you mean "${near}"?`;
  return `there is no column "${name.slice(0, 40)}"; ${hint}`;
}
