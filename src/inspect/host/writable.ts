import { parentOf, type FileTree } from '../tree/tree.ts';
import { isService, type Accounts } from './accounts.ts';
import type { Sign } from './technique.ts';

/** Who else but root could change a file: by the file itself or a folder above it, links followed. Undefined when nobody could. */
export function weakLink(path: string, tree: FileTree, accounts: Accounts): Sign | undefined {
  const real = tree.stat(path)?.path;
  for (let at = real; at !== undefined && at !== '/'; at = parentOf(at)) {
    const entry = tree.lstat(at);
    if (entry === undefined) return undefined;
    const isSticky = entry.type === 'directory' && (entry.mode & 0o1000) !== 0;
    if ((entry.mode & 0o002) !== 0 && !isSticky) {
      return { what: 'runs what anybody may change', value: at, weight: 0.45 };
    }
    const owner = entry.uid === 0 ? undefined : accounts.withUid(entry.uid);
    if (entry.uid !== 0 && owner?.uid !== 0) {
      const isOdd = owner === undefined || isService(owner);
      const who = owner?.name ?? `uid ${entry.uid}`;
      return { what: 'runs what somebody else owns', value: `${at} of ${who}`, weight: isOdd ? 0.3 : 0.2 };
    }
  }
  return undefined;
}
