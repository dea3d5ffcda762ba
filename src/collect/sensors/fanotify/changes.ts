import { happened, type FanotifyEvent, type FileRecord } from '../../linux/fanotify/fanotify-event.ts';
import type { HandlePaths } from '../../linux/fanotify/handle-paths.ts';
import type { FileChange } from './rows.ts';

/** What happened by an event, in the order in which it may have: the kernel puts what one process did to one file into one event. */
export function changesOf(event: FanotifyEvent, paths: HandlePaths): Iterable<FileChange | 'unknown place'> {
  const { mask, records } = event;
  const isFolder = (mask & happened.onFolder) !== 0;
  if ((mask & happened.rename) !== 0) return [renameOf(records, paths, isFolder)];
  const path = placeOf(records, paths);
  if (path === undefined) {
    // Told of a file without its folder: the number of its names has changed, which its making or deletion tells too.
    const isCount = mask === happened.attribute && recordOf(records, 'folder') === undefined;
    return isCount ? [] : ['unknown place'];
  }
  const self = recordOf(records, 'file');
  if (isFolder && (mask & happened.create) !== 0 && self !== undefined) paths.learn(self, path);
  return actionsIn(mask).map((action) => ({ action, path, isFolder, isWhole: (mask & happened.closeWrite) !== 0 }));
}

function renameOf(records: readonly FileRecord[], paths: HandlePaths, isFolder: boolean): FileChange | 'unknown place' {
  const [from, to] = [recordOf(records, 'from'), recordOf(records, 'to')];
  const [path, target] = [from && paths.entry(from), to && paths.entry(to)];
  if (path === undefined || target === undefined) return 'unknown place';
  if (isFolder) paths.rename(path, target);
  return { action: 'rename', path, target, isFolder, isWhole: true };
}

/** What is read is opened, and what is made is written. */
function actionsIn(mask: number): FileChange['action'][] {
  const has = (bits: number): boolean => (mask & bits) !== 0;
  const actions: FileChange['action'][] = [];
  if (has(happened.create)) actions.push('create');
  else if (has(happened.modify | happened.closeWrite)) actions.push('write');
  if (has(happened.attribute)) actions.push('attribute');
  if (has(happened.access)) actions.push('read');
  else if (has(happened.open)) actions.push('open');
  if (has(happened.delete)) actions.push('delete');
  return actions;
}

/** By its folder and name; of what is told without them by the file itself. */
function placeOf(records: readonly FileRecord[], paths: HandlePaths): string | undefined {
  const folder = recordOf(records, 'folder');
  const self = recordOf(records, 'file');
  return (folder && paths.entry(folder)) ?? (self && paths.file(self));
}

function recordOf(records: readonly FileRecord[], type: FileRecord['type']): FileRecord | undefined {
  return records.find((record) => record.type === type);
}
