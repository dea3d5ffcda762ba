import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Where journald keeps its files, lasting and until the next start of the machine. */
const systemFolders = ['/var/log/journal', '/run/log/journal'] as const;

/** Where to look: where the sensor is pointed, or at the journal of this machine. */
export function foldersOf(inputs: readonly string[]): readonly string[] {
  return inputs.length > 0 ? inputs : systemFolders;
}

/** A folder for each machine or name space; a few more for who has put them elsewhere. */
const maxDepth = 4;
const maxFiles = 4000;
const maxEntries = 100_000;

/** A file that may be a journal. */
export interface FoundJournal {
  readonly path: string;
  /** Tells a file through renames: rotating gives it another name. */
  readonly key: string;
}

/** Whether a name is that of a journal file; `~` ends that of one that was not closed well. */
export function isJournalName(path: string): boolean {
  return /\.journal~?$/.test(path);
}

/** Journal files in the folder and below. Links are not followed. What cannot be listed is empty. */
export function findJournals(folder: string): FoundJournal[] {
  const found: FoundJournal[] = [];
  const pending = [{ folder, depth: 0 }];
  let seen = 0;
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    for (const entry of list(next.folder)) {
      if (++seen > maxEntries || found.length >= maxFiles) return found;
      const path = join(next.folder, entry.name);
      if (entry.isDirectory() && next.depth < maxDepth) pending.push({ folder: path, depth: next.depth + 1 });
      const stat = entry.isFile() && isJournalName(entry.name) ? lstatSync(path, { throwIfNoEntry: false }) : undefined;
      if (stat !== undefined) found.push({ path, key: `${stat.dev}:${stat.ino}` });
    }
  }
  return found;
}

function list(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}
