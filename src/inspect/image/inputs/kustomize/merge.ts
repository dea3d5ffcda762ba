import type { YamlEntry, YamlNode } from '../../../../base/yaml-tree.ts';
import { fieldOf, movedTo, textOf } from '../yaml-nodes.ts';

/** Lists of objects whose entries are told apart by a field, as the API of Kubernetes declares them. */
const mergeKeys: Readonly<Record<string, string>> = {
  containers: 'name',
  initContainers: 'name',
  ephemeralContainers: 'name',
  volumes: 'name',
  env: 'name',
  volumeMounts: 'mountPath',
  volumeDevices: 'devicePath',
  imagePullSecrets: 'name',
  hostAliases: 'ip',
};

/** A strategic merge patch: maps are put together, known lists by their key, all else is replaced; null takes a field away. */
export function mergePatch(base: YamlNode, patch: YamlNode, name = ''): YamlNode {
  if (base.kind === 'map' && patch.kind === 'map') return mergeMaps(base, patch);
  const key = mergeKeys[name];
  if (base.kind === 'list' && patch.kind === 'list' && key !== undefined) return mergeLists(base, patch, key);
  return movedTo(patch, base.at);
}

function mergeMaps(base: YamlNode & { kind: 'map' }, patch: YamlNode & { kind: 'map' }): YamlNode {
  if (textOf(fieldOf(patch, '$patch')) === 'replace') return movedTo(patch, base.at);
  const entries = new Map<string, YamlEntry>(base.entries);
  for (const [key, { value }] of patch.entries) {
    const old = entries.get(key);
    if (value.kind === 'scalar' && value.value === null) entries.delete(key);
    else if (old === undefined) entries.set(key, { key, keyAt: base.at, value: movedTo(value, base.at) });
    else entries.set(key, { ...old, value: mergePatch(old.value, value, key) });
  }
  return { ...base, entries };
}

function mergeLists(base: YamlNode & { kind: 'list' }, patch: YamlNode & { kind: 'list' }, key: string): YamlNode {
  const items = [...base.items];
  const places = new Map(items.map((item, index) => [textOf(fieldOf(item, key)), index]));
  for (const item of patch.items) {
    const place = places.get(textOf(fieldOf(item, key)));
    const old = place === undefined ? undefined : items[place];
    if (old === undefined || place === undefined) items.push(movedTo(item, base.at));
    else items[place] = mergePatch(old, item);
  }
  const left = patch.items.filter((item) => textOf(fieldOf(item, '$patch')) === 'delete');
  const gone = new Set(left.map((item) => textOf(fieldOf(item, key))));
  return { ...base, items: gone.size === 0 ? items : items.filter((item) => !gone.has(textOf(fieldOf(item, key)))) };
}
