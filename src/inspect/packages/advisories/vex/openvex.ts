import { isRecord, recordsOf, textOf, textsOf, type JsonRecord } from '../json.ts';
import { vexStatuses, type VexStatement } from './statement.ts';

/** OpenVEX 0.0.1 to 0.2.0 (github.com/openvex/spec): products are texts in the older ones. */
export function readOpenVex(root: JsonRecord, path: string): VexStatement[] {
  const author = textOf(root['author']);
  const from = author === undefined ? path : `${path}, ${author}`;
  return recordsOf(root['statements']).flatMap((statement) => {
    const status = vexStatuses.find((one) => one === statement['status']);
    const vulnerability = namesOf(statement['vulnerability']);
    if (status === undefined || vulnerability.length === 0) return [];
    const common = { vulnerability, status, why: reasonOf(statement), time: timeOf(statement, root), from };
    return productsOf(statement['products']).map((product) => ({ ...common, ...product }));
  });
}

function namesOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (!isRecord(value)) return [];
  const id = textOf(value['@id'])?.split('/').at(-1);
  const name = textOf(value['name']) ?? id;
  return name === undefined ? [] : [...new Set([name, ...textsOf(value['aliases'])])];
}

function productsOf(value: unknown): Pick<VexStatement, 'product' | 'parts'>[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((entry: unknown) => {
    const product = purlOf(entry);
    if (product === undefined) return [];
    const parts = isRecord(entry) && Array.isArray(entry['subcomponents']) ? entry['subcomponents'] : [];
    return [{ product, parts: parts.flatMap((part: unknown) => purlOf(part) ?? []) }];
  });
}

/** Of an entry that is a text or has an id or identifiers. */
function purlOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (!isRecord(value)) return undefined;
  const identifiers = isRecord(value['identifiers']) ? value['identifiers'] : {};
  return textOf(identifiers['purl']) ?? textOf(value['@id']);
}

function reasonOf(statement: JsonRecord): string {
  const parts = [textOf(statement['justification']), textOf(statement['impact_statement'])];
  return parts.filter((part) => part !== undefined).join(': ');
}

function timeOf(statement: JsonRecord, root: JsonRecord): string {
  return textOf(statement['timestamp']) ?? textOf(root['timestamp']) ?? '';
}
