import { append } from '../../../base/multimap.ts';
import { attributes, type Attribute, type FileState } from './attributes.ts';
import type { StateTable } from './database.ts';
import { ruleOf, type Policy, type PolicyRule } from './policy.ts';
import type { Snapshot } from './snapshot.ts';

export interface AttributeChange {
  readonly attribute: Attribute;
  readonly before: string;
  readonly after: string;
}

/** One difference between a baseline and what is there now. */
export interface Change {
  readonly kind: 'added' | 'removed' | 'changed' | 'renamed';
  /** Where it is now; of a removed file where it was. */
  readonly path: string;
  /** Of a renamed file where it was. */
  readonly from?: string;
  readonly before?: FileState;
  readonly after?: FileState;
  readonly attributes: readonly AttributeChange[];
  readonly rule: PolicyRule;
}

/** All differences in the order of paths. A file that went from one place and came to another with the same content is renamed. */
export function compareStates(before: StateTable, now: Snapshot, policy: Policy): Change[] {
  const added: FileState[] = [];
  const changes: Change[] = [];
  const suspects: { state: FileState; known: FileState; rule: PolicyRule }[] = [];
  for (const state of now.states.values()) {
    const known = before.get(state.path);
    const rule = ruleOf(policy, state.path);
    if (rule === undefined) continue;
    if (known === undefined) added.push(state);
    else suspects.push({ state, known, rule });
  }
  const removed = [...before.unseen()];
  const touched = new Set([...added, ...removed].map(({ path }) => folderOf(path)));
  // Whoever replaces a file, by renaming another over it or by making it anew, changes the times of its folder too.
  for (const { state, known } of suspects) if (isReplaced(known, state)) touched.add(folderOf(state.path));
  for (const { state, known, rule } of suspects) {
    const differences = differencesOf(known, state, rule, touched.has(state.path), now.oldParts.get(state.path));
    if (differences.length === 0) continue;
    changes.push({ kind: 'changed', path: state.path, before: known, after: state, attributes: differences, rule });
  }
  changes.push(...movesOf(removed, added, policy));
  return changes.sort((a, b) => (a.path < b.path ? -1 : 1));
}

function isReplaced(before: FileState, after: FileState): boolean {
  return before.inode !== after.inode || before.type !== after.type || before.target !== after.target;
}

/** What a rule watches and is not as it was. Times and sizes of a folder that got or lost names say nothing more. */
function differencesOf(
  before: FileState,
  after: FileState,
  { attributes: watched, growing }: PolicyRule,
  isTouched: boolean,
  oldPart?: string,
): AttributeChange[] {
  if (before.type !== after.type) return [{ attribute: 'type', ...valuesOf('type', before, after) }];
  const found: AttributeChange[] = [];
  for (const attribute of attributes) {
    if (!watched.has(attribute) || !appliesTo(attribute, after.type, isTouched)) continue;
    const values = valuesOf(attribute, before, after);
    if (values.before !== values.after) found.push({ attribute, ...values });
  }
  if (growing && after.type === 'f') found.push(...shrinking(before, after, oldPart));
  return found;
}

/** A log that is shorter, or begins otherwise. One with another inode was rotated: the old one is looked for among the others. */
function shrinking(before: FileState, after: FileState, oldPart: string | undefined): AttributeChange[] {
  if (before.inode !== after.inode) return [];
  if (after.size < before.size) return [{ attribute: 'size', ...valuesOf('size', before, after) }];
  if (oldPart === undefined || oldPart.startsWith('!') || oldPart === before.digest) return [];
  return [{ attribute: 'content', before: before.digest, after: oldPart }];
}

function appliesTo(attribute: Attribute, type: string, isTouched: boolean): boolean {
  if (type === 'd') {
    if (attribute === 'size' || attribute === 'links' || attribute === 'content') return false;
    return !isTouched || (attribute !== 'mtime' && attribute !== 'ctime');
  }
  // Permissions of a link mean nothing on Linux.
  return type !== 'l' || attribute !== 'mode';
}

function valuesOf(attribute: Attribute, before: FileState, after: FileState): { before: string; after: string } {
  return { before: valueOf(attribute, before), after: valueOf(attribute, after) };
}

function valueOf(attribute: Attribute, state: FileState): string {
  switch (attribute) {
    case 'type':
      return typeNames[state.type] ?? state.type;
    case 'mode':
      return `0${state.mode.toString(8)}`;
    case 'owner':
      return String(state.uid);
    case 'group':
      return String(state.gid);
    case 'mtime':
    case 'ctime':
      return new Date(state[attribute] / 1000)
        .toISOString()
        .replace('Z', `${String(state[attribute] % 1000).padStart(3, '0')}Z`);
    case 'size':
    case 'inode':
    case 'links':
      return String(state[attribute]);
    case 'target':
      return state.type === 'l' ? state.target : '';
    case 'device':
      return state.type === 'l' ? '' : state.target;
    case 'xattrs':
      return state.xattrs;
    case 'content':
      return state.digest;
  }
}

const typeNames: Readonly<Record<string, string>> = {
  f: 'file',
  d: 'folder',
  l: 'link',
  c: 'character device',
  b: 'block device',
  p: 'pipe',
  s: 'socket',
};

/** What came and what went; a pair with the same content (and if possible the same inode) is one that was renamed. */
function movesOf(removed: readonly FileState[], added: readonly FileState[], policy: Policy): Change[] {
  const gone = new Removed(removed);
  const changes: Change[] = [];
  for (const state of added) {
    const rule = ruleOf(policy, state.path);
    if (rule === undefined) continue;
    const from = gone.take(state);
    if (from === undefined) changes.push({ kind: 'added', path: state.path, after: state, attributes: [], rule });
    else {
      const differences = differencesOf(from, state, rule, true);
      changes.push({
        kind: 'renamed',
        path: state.path,
        from: from.path,
        before: from,
        after: state,
        attributes: differences,
        rule,
      });
    }
  }
  for (const state of removed) {
    const rule = ruleOf(policy, state.path);
    if (rule !== undefined && !gone.taken.has(state)) {
      changes.push({ kind: 'removed', path: state.path, before: state, attributes: [], rule });
    }
  }
  return changes;
}

/** Files that went, to be found by their content: many may have the same. */
class Removed {
  readonly taken = new Set<FileState>();
  readonly #byContent = new Map<string, FileState[]>();
  readonly #byInode = new Map<string, FileState[]>();

  constructor(states: readonly FileState[]) {
    // The last of a list is taken first.
    for (const state of states.toReversed()) {
      const key = contentKey(state);
      if (key === undefined) continue;
      append(this.#byContent, key, state);
      append(this.#byInode, `${state.inode} ${key}`, state);
    }
  }

  /** One with the content of `state` that was not taken yet, if possible the same inode. */
  take(state: FileState): FileState | undefined {
    const key = contentKey(state);
    if (key === undefined) return undefined;
    const found = this.#next(this.#byInode.get(`${state.inode} ${key}`)) ?? this.#next(this.#byContent.get(key));
    if (found !== undefined) this.taken.add(found);
    return found;
  }

  #next(states: FileState[] = []): FileState | undefined {
    for (let state = states.pop(); state !== undefined; state = states.pop()) {
      if (!this.taken.has(state)) return state;
    }
    return undefined;
  }
}

/** Empty files are all alike: they are not paired. */
function contentKey({ type, size, digest, target }: FileState): string | undefined {
  if (type === 'f') return size > 0 && digest !== '' ? digest : undefined;
  return type === 'l' ? `l ${target}` : undefined;
}

function folderOf(path: string): string {
  const at = path.lastIndexOf('/');
  return at <= 0 ? '/' : path.slice(0, at);
}
