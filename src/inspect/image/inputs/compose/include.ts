import { readYaml } from '../../../../base/yaml-tree.ts';
import { normalPath, parentOf } from '../../../tree/tree.ts';
import { Cursor } from '../cursor.ts';
import type { Beside } from './project.ts';

const maxIncluded = 200;
const maxBytes = 2 ** 20;

/** A Compose file with those that it includes, and those that they include; each once. What is not here is told. */
export function withIncluded(document: Cursor, beside: Beside): Cursor[] {
  const all = [document];
  const seen = new Set([document.place.path]);
  for (let index = 0; index < all.length && all.length < maxIncluded; index++) {
    for (const named of namedIn(all[index])) {
      const path = normalPath(`${parentOf(all[index]?.place.path ?? '')}/${named.text() ?? ''}`);
      if (seen.has(path)) continue;
      seen.add(path);
      const root = rootAt(path, beside);
      if (root !== undefined) all.push(root);
      else {
        beside.problem({
          code: 'partly-seen',
          at: named.place,
          message: `a file that is included is not here: ${path}`,
        });
      }
    }
  }
  return all;
}

/** `include`: paths, or maps with one or several under `path`; what comes from elsewhere is not fetched. */
function namedIn(document: Cursor | undefined): Cursor[] {
  return (document?.get('include').items() ?? []).flatMap((item) => {
    const path = item.node?.kind === 'map' ? item.get('path') : item;
    const paths = path.node?.kind === 'list' ? path.items() : [path];
    return paths.filter((one) => !/^(?:[a-z+]+:\/\/|git@|oci:)/.test(one.text() ?? 'git@'));
  });
}

function rootAt(path: string, beside: Beside): Cursor | undefined {
  const text = beside.readText(path);
  const [first] = text === undefined ? [] : readYaml(text, { maxBytes, duplicateKeys: 'first' });
  return first !== undefined && 'root' in first ? Cursor.root(first.root, path) : undefined;
}
