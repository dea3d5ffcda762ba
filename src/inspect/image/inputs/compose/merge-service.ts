import type { YamlEntry, YamlNode } from '../../../../base/yaml-tree.ts';
import { fieldOf, mapNode, textNode, textOf } from '../yaml-nodes.ts';

/** Lists that are replaced as a whole (Compose specification, merge). */
const replaced: ReadonlySet<string> = new Set(['command', 'entrypoint', 'test']);
/** Fields that are a map, or a list of `NAME=value`. */
const assignments: ReadonlySet<string> = new Set(['environment', 'labels', 'sysctls', 'annotations', 'args']);
/** Lists whose entries are told apart by their place in the container. */
const byTarget: ReadonlySet<string> = new Set(['volumes', 'devices']);

/** A service, or a part of one, put over another: maps are put together, lists are joined, all else is replaced. */
export function mergeOver(base: YamlNode, over: YamlNode, field = ''): YamlNode {
  if (assignments.has(field)) {
    const [below, above] = [asMap(base), asMap(over)];
    return below !== undefined && above !== undefined ? mergeMaps(below, above) : over;
  }
  if (base.kind === 'map' && over.kind === 'map') return mergeMaps(base, over);
  if (base.kind !== 'list' || over.kind !== 'list' || replaced.has(field)) return over;
  const keyOf = byTarget.has(field) ? targetOf : contentOf;
  const known = new Set(over.items.map(keyOf));
  return { ...over, items: [...base.items.filter((item) => !known.has(keyOf(item))), ...over.items] };
}

function mergeMaps(base: YamlNode & { kind: 'map' }, over: YamlNode & { kind: 'map' }): YamlNode {
  const entries = new Map<string, YamlEntry>(base.entries);
  for (const [key, entry] of over.entries) {
    const old = entries.get(key);
    entries.set(key, old === undefined ? entry : { ...entry, value: mergeOver(old.value, entry.value, key) });
  }
  return { ...over, entries };
}

function asMap(node: YamlNode): (YamlNode & { kind: 'map' }) | undefined {
  if (node.kind === 'map') return node;
  if (node.kind !== 'list') return undefined;
  const pairs = node.items.flatMap((item) => {
    const text = textOf(item) ?? '';
    const at = text.indexOf('=');
    return at <= 0 ? [] : [[text.slice(0, at), textNode(text.slice(at + 1), item.at)] as const];
  });
  const map = mapNode(pairs, node.at);
  return map.kind === 'map' ? map : undefined;
}

/** `source:target[:mode]`, or a map with `target`. */
function targetOf(item: YamlNode): string {
  const parts = textOf(item)?.split(':');
  return textOf(fieldOf(item, 'target')) ?? parts?.[1] ?? parts?.[0] ?? contentOf(item);
}

function contentOf(item: YamlNode): string {
  return (
    textOf(item) ?? JSON.stringify(item, (key, value: unknown) => (key === 'at' || key === 'keyAt' ? undefined : value))
  );
}
