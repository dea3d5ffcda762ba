import type { Claim } from '../../../src/inspect/claim.ts';
import { CheckRun } from '../../../src/inspect/image/check-run.ts';
import { readHelmValues } from '../../../src/inspect/image/inputs/helm/values-files.ts';
import { FolderTree } from '../../../src/inspect/tree/folder-tree.ts';

/** Claims of all checks about one path below a folder; ages are counted from the beginning of 2026. `valuesFile` is for charts of Helm. */
export function claimsIn(folder: string, path: string, valuesFile?: string): readonly Claim[] {
  const helmValues = readHelmValues(valuesFile === undefined ? [] : [valuesFile]);
  const run = new CheckRun({ now: Date.UTC(2026, 0, 1) * 1000, helmValues });
  run.addPath(new FolderTree(folder), path);
  return run.finish(folder).claims;
}
