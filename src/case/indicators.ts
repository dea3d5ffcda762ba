import { basename } from 'node:path';
import { messageOf } from '../base/errors.ts';
import type { Problem } from '../base/problem.ts';
import { readContent } from '../collect/open/content.ts';
import type { OpenLimits } from '../collect/open/limits.ts';
import { openFile } from '../collect/open/open-file.ts';
import { storeIndicators } from '../detect/indicator-table.ts';
import { listNameOf, loadIndicatorFile } from '../match/indicators/load.ts';
import type { Store } from '../store/store.ts';

/**
 * Loads lists of indicators into the case, each in place of the one of the same name; packed lists are opened like
 * evidence. Returns what could not be read in them.
 */
export async function loadIndicators(store: Store, paths: readonly string[], limits: OpenLimits): Promise<Problem[]> {
  const problems: Problem[] = [];
  for (const path of paths) {
    const at = (problem: Problem): void => void problems.push({ ...problem, at: { ...problem.at, path } });
    try {
      for await (const result of openFile(path, { limits, spoolFolder: store.stagingFolder })) {
        if ('problem' in result) {
          problems.push(result.problem);
          continue;
        }
        const content = readContent(result.leaf.diskPath, result.leaf.compression, limits, at);
        const file = await loadIndicatorFile(basename(result.leaf.path), content);
        // A file in no known format must not empty the list that stood before it.
        if (file.format !== undefined) await storeIndicators(store, listNameOf(result.leaf.path), file.indicators);
        file.problems.drain().forEach(at);
      }
    } catch (error) {
      at({ code: 'unreadable', at: {}, message: messageOf(error) });
    }
  }
  return problems;
}
