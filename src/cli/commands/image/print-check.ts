import { dirname, relative, resolve, sep } from 'node:path';
import { statSync } from 'node:fs';
import { VakthundError } from '../../../base/errors.ts';
import { checkFiles } from '../../../inspect/image/check-files.ts';
import { FolderTree } from '../../../inspect/tree/folder-tree.ts';
import type { ExitCode } from '../../command.ts';
import { printInspection, type InspectionOptions } from '../../print-inspection.ts';
import type { Terminal } from '../../terminal.ts';

export interface CheckOptions extends InspectionOptions {
  readonly sarif?: string;
}

/** Checks everything at `paths` together: what an engine's settings say counts for the containers beside them. */
export async function printCheck(
  paths: readonly string[],
  options: CheckOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const absolute = paths.map((path) => resolve(path));
  for (const [index, path] of absolute.entries()) {
    if (statSync(path, { throwIfNoEntry: false }) === undefined) {
      throw new VakthundError('NOT_FOUND', `"${paths[index] ?? path}" does not exist`);
    }
  }
  const root = commonFolder(absolute);
  const tree = new FolderTree(root, 'folder');
  const inside = absolute.map((path) => `/${relative(root, path).split(sep).join('/')}`);
  const subject = paths.length === 1 ? (paths[0] ?? root) : root;
  const inspection = checkFiles(tree, inside, subject);
  return printInspection(inspection, options, terminal, tree);
}

/** The folder in which all of them stand: it is the root that their names are told from. */
function commonFolder(paths: readonly string[]): string {
  const folders = paths.map((path) => (statSync(path).isDirectory() ? path : dirname(path)));
  return folders.reduce((common, folder) => {
    let shared = common;
    while (shared !== folder && !folder.startsWith(shared.endsWith(sep) ? shared : `${shared}${sep}`)) {
      const parent = dirname(shared);
      if (parent === shared) break;
      shared = parent;
    }
    return shared;
  });
}
