import type { TableContext } from './table-context.ts';

export type JsonFields = Readonly<Record<string, unknown>>;

/** Settings of a browser may have some megabytes; larger ones are told and not read. */
const maxJsonBytes = 32 << 20;

/** A JSON file of somebody's home; undefined when there is none, and with a problem when it is none. */
export function readJson(context: TableContext, path: string): JsonFields | undefined {
  const bytes = context.tree.read(path, maxJsonBytes);
  if (bytes === undefined) return undefined;
  try {
    return fieldsIn(JSON.parse(bytes.toString('utf8').replace(/^\uFEFF/, '')));
  } catch {
    context.complain('bad-record', path, 'the file is no JSON');
    return undefined;
  }
}

/** An object as it is; of a list its entries by their numbers, of anything else none. */
export function fieldsIn(value: unknown): JsonFields {
  return typeof value === 'object' && value !== null ? (value as JsonFields) : {};
}

/** A text; numbers and truth values as text, anything else empty. */
export function plainText(value: unknown): string {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

/** 1 or 0; null where nothing is told. */
export function flag(value: unknown): number | null {
  return typeof value === 'boolean' ? Number(value) : null;
}

/** A list of texts, as osquery joins them; other entries are left out. */
export function joinedTexts(value: unknown): string {
  return Array.isArray(value) ? value.filter((entry) => typeof entry === 'string').join(', ') : '';
}
