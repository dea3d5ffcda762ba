import { dirname } from 'node:path';
import type { SensorInputs } from '../../../case/watch/sensors.ts';
import { findJournals, isJournalName } from '../../../collect/linux/journal/find-journals.ts';

export interface Journals extends SensorInputs {
  /** A file below the paths whose entries come by the sensor. */
  isReadBySensor(path: string): boolean;
}

/**
 * What the sensor of the journal is pointed at: the folders that are named, and those among the paths that have journals. A journal is rewritten
 * where it stands, so that following it as a file would read it anew again and again; one that is named stands for its folder, where rotation puts the next.
 */
export function journalInputs(folders: readonly string[], paths: readonly string[]): Journals {
  const among = paths.flatMap((path) => {
    if (isJournalName(path)) return [dirname(path)];
    return findJournals(path).length > 0 ? [path] : [];
  });
  const journald = [...new Set([...folders, ...among])];
  return {
    inputs: journald.length === 0 ? {} : { journald },
    isReadBySensor: (path) => isJournalName(path) && journald.some((folder) => path.startsWith(`${folder}/`)),
  };
}
