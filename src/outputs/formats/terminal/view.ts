import type { Report } from '../../report-schema.ts';
import type { Colors } from '../../paint-severity.ts';

/** What every section needs to draw itself. */
export interface View {
  readonly width: number;
  readonly showAll: boolean;
  readonly colors: Colors;
  /** Folder that all evidence stands below, with its slash: said once, and left out of every place. Empty when there is none. */
  readonly folder: string;
  /** Things were looked at, not logs read: the verdict is in no case, and `report` has it not. */
  readonly isInspection: boolean;
  /** What commands need to ask the same case, with its blank before; empty for the usual one. */
  readonly caseOption: string;
}

/** Folders nearer to the root than this say something that their reader wants to see in every place. */
const leastDepth = 2;

/** The deepest folder that all evidence of a report stands below; empty for none, and for inspections, whose paths are real ones. */
export function commonFolder(report: Report): string {
  const [first, ...more] = report.evidence.map(({ path }) => path);
  if (first === undefined || isInspection(report)) return '';
  const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/') + 1);
  let folder = folderOf(first.split('!', 1)[0] ?? '');
  for (const path of more) while (!path.startsWith(folder)) folder = folderOf(folder.slice(0, -1));
  return folder.startsWith('/') && folder.split('/').length - 2 >= leastDepth ? folder : '';
}

/** A report over things that were looked at, not over logs that were read. */
export function isInspection({ evidence }: Report): boolean {
  return evidence.length > 0 && evidence.every(({ source }) => source === 'inspection');
}

/** A path as it is shown below `folder`. */
export function shortPath(path: string, { folder }: View): string {
  return folder !== '' && path.startsWith(folder) ? path.slice(folder.length) : path;
}
