import type { YamlNode } from '../../../../base/yaml-tree.ts';
import { fieldOf, mapNode, textNode, textOf, withField } from '../yaml-nodes.ts';
import { itemsOf, kindOf, nameOfObject, pairsOf, type BuiltObject } from './built-object.ts';
import { mergePatch } from './merge.ts';
import { renameAll } from './rename.ts';

/** What stands in no namespace. */
const clusterKinds: ReadonlySet<string> = new Set([
  'APIService',
  'CSIDriver',
  'ClusterRole',
  'ClusterRoleBinding',
  'CustomResourceDefinition',
  'IngressClass',
  'MutatingWebhookConfiguration',
  'Node',
  'PersistentVolume',
  'PriorityClass',
  'RuntimeClass',
  'StorageClass',
  'ValidatingAdmissionPolicy',
  'ValidatingAdmissionPolicyBinding',
  'ValidatingWebhookConfiguration',
]);

/** Labels and annotations are put into every object, and no object has many. */
const maxPairs = 20;

/** What a kustomization changes in all its objects: namespace, names, labels and annotations, replicas, images. */
export function transform(kustomization: YamlNode, objects: readonly BuiltObject[]): readonly BuiltObject[] {
  const text = (key: string): string => textOf(fieldOf(kustomization, key)) ?? '';
  const images = byName(itemsOf(kustomization, 'images'));
  const replicas = byName(itemsOf(kustomization, 'replicas'));
  const labels = labelsOf(kustomization);
  const annotations = pairsOf(fieldOf(kustomization, 'commonAnnotations')).slice(0, maxPairs);
  const named = renameAll(
    objects.map((object) => ({ ...object, root: withNamespace(object.root, text('namespace')) })),
    text('namePrefix'),
    text('nameSuffix'),
  );
  return named.map((object) => {
    let { root } = object;
    for (const { pairs, inTemplates } of labels) root = withPairs(root, 'labels', pairs, inTemplates);
    root = withPairs(root, 'annotations', annotations, true);
    root = withReplicas(root, [nameOfObject(root), ...object.earlierNames], replicas);
    return { ...object, root: withImages(root, images) };
  });
}

/** The first entry of a list for each name. */
function byName(items: readonly YamlNode[]): ReadonlyMap<string, YamlNode> {
  return new Map(items.map((item) => [textOf(fieldOf(item, 'name')) ?? '', item] as const).reverse());
}

function withNamespace(object: YamlNode, namespace: string): YamlNode {
  if (namespace === '' || object.kind !== 'map') return object;
  const kind = kindOf(object);
  if (clusterKinds.has(kind)) return withSubjectsIn(object, namespace);
  const value = textNode(namespace, object.at);
  const field = mapNode([[kind === 'Namespace' ? 'name' : 'namespace', value]], object.at);
  return withSubjectsIn(mergePatch(object, mapNode([['metadata', field]], object.at)), namespace);
}

/** Service accounts that a binding names move with the rest. */
function withSubjectsIn(object: YamlNode, namespace: string): YamlNode {
  const subjects = fieldOf(object, 'subjects');
  if (subjects?.kind !== 'list') return object;
  const items = subjects.items.map((subject) =>
    kindOf(subject) === 'ServiceAccount' ? withField(subject, 'namespace', textNode(namespace, subject.at)) : subject,
  );
  return withField(object, 'subjects', { ...subjects, items });
}

interface Labels {
  readonly pairs: readonly (readonly [string, YamlNode])[];
  readonly inTemplates: boolean;
}

function labelsOf(kustomization: YamlNode): Labels[] {
  const isTrue = (node: YamlNode | undefined): boolean => node?.kind === 'scalar' && node.value === true;
  return [
    { pairs: pairsOf(fieldOf(kustomization, 'commonLabels')).slice(0, maxPairs), inTemplates: true },
    ...itemsOf(kustomization, 'labels')
      .slice(0, maxPairs)
      .map((item) => ({
        pairs: pairsOf(fieldOf(item, 'pairs')).slice(0, maxPairs),
        inTemplates: isTrue(fieldOf(item, 'includeSelectors')) || isTrue(fieldOf(item, 'includeTemplates')),
      })),
  ];
}

/** Labels or annotations of the object, and of the pods that it makes. */
function withPairs(
  object: YamlNode,
  field: string,
  pairs: readonly (readonly [string, YamlNode])[],
  inTemplates: boolean,
): YamlNode {
  if (pairs.length === 0) return object;
  const { at } = object;
  const metadata = mapNode([['metadata', mapNode([[field, mapNode(pairs, at)]], at)]], at);
  const wrapped = (keys: readonly string[]): YamlNode =>
    keys.reduceRight((inner, key) => mapNode([[key, inner]], at), metadata);
  let changed = mergePatch(object, metadata);
  for (const keys of inTemplates
    ? [
        ['spec', 'template'],
        ['spec', 'jobTemplate', 'spec', 'template'],
      ]
    : []) {
    const isThere = keys.reduce<YamlNode | undefined>((node, key) => fieldOf(node, key), changed) !== undefined;
    if (isThere) changed = mergePatch(changed, wrapped(keys));
  }
  return changed;
}

function withReplicas(object: YamlNode, names: readonly string[], replicas: ReadonlyMap<string, YamlNode>): YamlNode {
  const change = names.map((name) => replicas.get(name)).find((one) => one !== undefined);
  const count = fieldOf(change, 'count');
  const spec = fieldOf(object, 'spec');
  if (count === undefined || fieldOf(spec, 'template') === undefined || spec === undefined) return object;
  return withField(object, 'spec', withField(spec, 'replicas', { ...count, at: spec.at }));
}

/** New names, tags and digests of images, wherever an object has a field `image`. */
function withImages(node: YamlNode, images: ReadonlyMap<string, YamlNode>): YamlNode {
  if (images.size === 0 || node.kind === 'scalar') return node;
  if (node.kind === 'list') return { ...node, items: node.items.map((item) => withImages(item, images)) };
  const entries = [...node.entries].map(([key, entry]) => {
    const { value } = entry;
    if (key !== 'image' || value.kind !== 'scalar') {
      return [key, { ...entry, value: withImages(value, images) }] as const;
    }
    return [key, { ...entry, value: textNode(renamedImage(value.source, images), value.at) }] as const;
  });
  return { ...node, entries: new Map(entries) };
}

function renamedImage(image: string, images: ReadonlyMap<string, YamlNode>): string {
  const { name = image, rest = '' } = /^(?<name>[^@]+?)(?<rest>(?::[^:/@]+)?(?:@.*)?)$/.exec(image)?.groups ?? {};
  const change = images.get(name);
  if (change === undefined) return image;
  const field = (key: string, sign: string): string | undefined => {
    const text = textOf(fieldOf(change, key));
    return text === undefined ? undefined : `${sign}${text}`;
  };
  return `${field('newName', '') ?? name}${field('digest', '@') ?? field('newTag', ':') ?? rest}`;
}
