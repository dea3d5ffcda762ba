import { readFileSync } from 'node:fs';
import { messageOf } from '../base/errors.ts';
import type { Problem } from '../base/problem.ts';
import type { Asset } from '../collect/assets/asset.ts';
import { readAssets } from '../collect/assets/read-assets.ts';

/** The assets of all lists, with what could not be read in them. Read anew for each investigation: lists change. */
export function loadAssets(paths: readonly string[]): {
  readonly assets: readonly Asset[];
  readonly problems: readonly Problem[];
} {
  const assets: Asset[] = [];
  const problems: Problem[] = [];
  for (const path of paths) {
    try {
      const file = readAssets(path, readFileSync(path, 'utf8'));
      for (const asset of file.assets) assets.push(asset);
      problems.push(...file.problems.map((problem) => ({ ...problem, at: { ...problem.at, path } })));
    } catch (error) {
      problems.push({ code: 'unreadable', at: { path }, message: `the list of assets: ${messageOf(error)}` });
    }
  }
  return { assets, problems };
}
