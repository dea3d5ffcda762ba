import type { Cursor } from '../cursor.ts';
import type { Place } from '../place.ts';

/** One object of a cluster, of any kind. */
export interface ClusterObject {
  readonly kind: string;
  /** Without the version: `apps`, `rbac.authorization.k8s.io`, empty for the core. */
  readonly group: string;
  readonly name: string;
  /** As written; undefined when the object does not say. */
  readonly namespace: string | undefined;
  readonly at: Place;
  readonly root: Cursor;
}

/** Lists inside of lists, and objects of one file, are bounded by what YAML and JSON may hold; lists are opened this deep. */
const maxListDepth = 4;

export function isClusterObject(cursor: Cursor): boolean {
  return cursor.get('apiVersion').text() !== undefined && cursor.get('kind').text() !== undefined;
}

/** The objects of a document: itself, or what a `List` holds. Nothing for what is no object of a cluster. */
export function clusterObjects(cursor: Cursor, depth = 0): ClusterObject[] {
  if (!isClusterObject(cursor)) return [];
  const kind = cursor.get('kind').text() ?? '';
  const items = cursor.get('items');
  if (kind.endsWith('List') && items.node?.kind === 'list') {
    return depth > maxListDepth ? [] : items.items().flatMap((item) => clusterObjects(item, depth + 1));
  }
  const api = cursor.get('apiVersion').text() ?? '';
  return [
    {
      kind,
      group: api.includes('/') ? api.slice(0, api.indexOf('/')) : '',
      name: cursor.get('metadata', 'name').text() ?? cursor.get('metadata', 'generateName').text() ?? '',
      namespace: cursor.get('metadata', 'namespace').text(),
      at: cursor.place,
      root: cursor,
    },
  ];
}
