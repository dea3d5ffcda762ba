import { isHidden, isTemporary } from '../../match/commands/paths.ts';
import { isSystemRoot } from './nested-roots.ts';
import type { HostProcess } from './proc/process.ts';
import type { HostContext, PersistenceItem, Sign } from './technique.ts';

/** An item that is a running process; facts about it that everybody wants to see come with it. */
export function processItem(
  process: HostProcess,
  context: HostContext,
  {
    title,
    signs,
    rule,
    addresses,
  }: Pick<PersistenceItem, 'title' | 'rule' | 'addresses'> & { readonly signs: readonly Sign[] },
): PersistenceItem {
  const { pid, name, executable, isDeleted, argv, uids } = process;
  const facts: Sign[] = [
    { what: 'executable', value: `${executable ?? 'not to be seen'}${isDeleted ? ' (deleted)' : ''}`, weight: 0 },
    { what: 'command line', value: argv.join(' ').slice(0, 300), weight: 0 },
  ];
  return {
    path: `/proc/${pid}`,
    title,
    ...(rule === undefined ? {} : { rule }),
    ...(addresses === undefined ? {} : { addresses }),
    user: context.accounts.nameOf(uids.effective),
    unowned: 0,
    isJudgedAnyway: true,
    process: { pid, name },
    signs: [...signs, ...facts],
  };
}

/** What the program file of a process says about it: place, owner, whether it is still there. */
export function executableSigns(process: HostProcess, context: HostContext): Sign[] {
  const { live, ownership } = context;
  const { executable, isDeleted, root } = process;
  if (executable === undefined) return [];
  if (executable.startsWith('/memfd:')) return [{ what: 'runs out of memory only', value: executable, weight: 0.6 }];
  const inside = pathInOwnRoot(process, context);
  if (inside !== undefined && root !== undefined && !isTemporary(inside) && !isHidden(inside)) {
    return [{ what: 'runs in a system that was unpacked', value: root, weight: 0.2 }];
  }
  const signs: Sign[] = [];
  if (isTemporary(executable)) {
    signs.push({ what: 'runs from where anybody may write', value: executable, weight: 0.5 });
  }
  if (isHidden(executable)) signs.push({ what: 'runs from a hidden place', value: executable, weight: 0.45 });
  if (isDeleted) signs.push({ what: 'runs from a deleted file', value: executable, weight: 0.2 });
  else if (live?.isElsewhere(process) !== true) {
    const standing = ownership.standing(executable);
    if (standing.kind === 'unowned') {
      signs.push({ what: 'runs from a file of no package', value: executable, weight: 0.15 });
    }
    if (standing.kind === 'changed') {
      signs.push({ what: 'runs from a file that differs from its package', value: standing.package, weight: 0.5 });
    }
  }
  return signs;
}

/**
 * Where its program stands as the process sees it, when it lives in the root of another system that belongs to root: what builds
 * images and packages unpacks such roots below /tmp. Undefined for all others.
 */
function pathInOwnRoot({ executable, root }: HostProcess, { tree }: HostContext): string | undefined {
  if (root === undefined || root === '/' || executable?.startsWith(`${root}/`) !== true) return undefined;
  const folder = tree.stat(root);
  if (folder?.uid !== 0 || (folder.mode & 0o022) !== 0 || !isSystemRoot(tree, root)) return undefined;
  return executable.slice(root.length);
}

/** Whether its program is an unchanged one of a package, or lives in a container, where we cannot tell. */
export function isPackagedProgram(process: HostProcess, { live, ownership }: HostContext): boolean {
  const { executable, isDeleted } = process;
  if (executable === undefined || isDeleted || live?.isElsewhere(process) === true) return false;
  return ownership.standing(executable).kind === 'packaged';
}
