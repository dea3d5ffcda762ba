import type { YamlNode } from '../../../../base/yaml-tree.ts';
import { fieldOf, textNode, textOf, withField } from '../yaml-nodes.ts';
import { kindOf, nameOfObject, type BuiltObject } from './built-object.ts';

/** Kinds whose names mean something outside of what is built. */
const keptKinds: ReadonlySet<string> = new Set(['Namespace', 'CustomResourceDefinition', 'APIService']);

/** Fields that name an object of a kind, and fields whose `name` does. */
const namingFields: Readonly<Record<string, string>> = {
  serviceAccountName: 'ServiceAccount',
  serviceAccount: 'ServiceAccount',
  secretName: 'Secret',
  claimName: 'PersistentVolumeClaim',
  serviceName: 'Service',
};
const namingHolders: Readonly<Record<string, string>> = {
  configMapRef: 'ConfigMap',
  configMapKeyRef: 'ConfigMap',
  configMap: 'ConfigMap',
  secretRef: 'Secret',
  secretKeyRef: 'Secret',
  imagePullSecrets: 'Secret',
};
/** Fields whose entries say kind and name themselves. */
const references: ReadonlySet<string> = new Set(['roleRef', 'subjects', 'scaleTargetRef']);

/** `namePrefix` and `nameSuffix`: names of the objects, and what names them inside the other objects of the same build. */
export function renameAll(objects: readonly BuiltObject[], prefix: string, suffix: string): readonly BuiltObject[] {
  if (prefix === '' && suffix === '') return objects;
  const names = new Map<string, string>();
  for (const { root } of objects) {
    const name = nameOfObject(root);
    if (name !== '' && !keptKinds.has(kindOf(root))) names.set(`${kindOf(root)} ${name}`, `${prefix}${name}${suffix}`);
  }
  return objects.map((object) => {
    const name = nameOfObject(object.root);
    const renamed = names.get(`${kindOf(object.root)} ${name}`);
    const root = withReferences(object.root, names);
    const metadata = fieldOf(root, 'metadata');
    if (renamed === undefined || metadata === undefined) return { ...object, root };
    return {
      path: object.path,
      root: withField(root, 'metadata', withField(metadata, 'name', textNode(renamed, metadata.at))),
      earlierNames: [...object.earlierNames, name],
    };
  });
}

function withReferences(node: YamlNode, names: ReadonlyMap<string, string>, field = ''): YamlNode {
  if (node.kind === 'scalar') {
    const renamed = names.get(`${namingFields[field] ?? ''} ${textOf(node) ?? ''}`);
    return renamed === undefined ? node : textNode(renamed, node.at);
  }
  if (node.kind === 'list') return { ...node, items: node.items.map((item) => withReferences(item, names, field)) };
  const entries = new Map(
    [...node.entries].map(([key, entry]) => [key, { ...entry, value: withReferences(entry.value, names, key) }]),
  );
  const inside: YamlNode = { ...node, entries };
  const kind = references.has(field) ? kindOf(node) : namingHolders[field];
  const renamed = names.get(`${kind ?? ''} ${textOf(fieldOf(node, 'name')) ?? ''}`);
  return renamed === undefined ? inside : withField(inside, 'name', textNode(renamed, node.at));
}
