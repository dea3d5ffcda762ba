import { isObject } from './paths.ts';

/**
 * JSON text of what no reader took, under its own names; null when nothing is left. Nulls and empty objects say nothing
 * and are left out. `kept` holds paths that readers name but did not take in this record.
 */
export type Leftover = (record: Readonly<Record<string, unknown>>, kept: readonly string[]) => string | null;

/** Leftover of a flat record. Text is joined by hand so that a key such as `__proto__` is a key like any other. */
export function flatLeftover(paths: readonly string[], unset?: string): Leftover {
  const taken = new Set(paths);
  return (record, kept) => {
    let text = '';
    for (const key in record) {
      if (taken.has(key) && (kept.length === 0 || !kept.includes(key))) continue;
      const value = record[key];
      if (value === null || value === undefined || value === unset) continue;
      text += `${text === '' ? '{' : ','}${JSON.stringify(key)}:${JSON.stringify(value)}`;
    }
    return text === '' ? null : `${text}}`;
  };
}

interface Node {
  readonly children: Map<string, Node>;
  /** Set where a path ends: that path. */
  path?: string;
}

/** Leftover of a nested record: the structure that remains around what was taken. */
export function nestedLeftover(paths: readonly string[]): Leftover {
  const root: Node = { children: new Map() };
  for (const path of paths) {
    let node = root;
    for (const key of path.replaceAll('[]', '').split('.')) {
      const next: Node = node.children.get(key) ?? { children: new Map() };
      node.children.set(key, next);
      node = next;
    }
    node.path = path;
  }
  return (record, kept) => remainder(record, root, kept) ?? null;
}

function remainder(value: unknown, node: Node, kept: readonly string[]): string | undefined {
  if (node.path !== undefined && !kept.includes(node.path)) return undefined;
  if (value === null || value === undefined) return undefined;
  if (Array.isArray(value)) return listRemainder(value, node, kept);
  if (!isObject(value)) return JSON.stringify(value);
  let text = '';
  for (const key in value) {
    const rest = remainder(value[key], node.children.get(key) ?? untouched, kept);
    if (rest !== undefined) text += `${text === '' ? '{' : ','}${JSON.stringify(key)}:${rest}`;
  }
  return text === '' ? undefined : `${text}}`;
}

const untouched: Node = { children: new Map() };

/** Entries keep their places, so that what is left can be matched with what was taken. */
function listRemainder(list: readonly unknown[], node: Node, kept: readonly string[]): string | undefined {
  if (node.children.size === 0) return JSON.stringify(list);
  const rests = list.map((entry) => remainder(entry, node, kept));
  return rests.every((rest) => rest === undefined) ? undefined : `[${rests.map((rest) => rest ?? '{}').join(',')}]`;
}
