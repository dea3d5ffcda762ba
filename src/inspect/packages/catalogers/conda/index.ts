import { nameOf, type TreeEntry } from '../../../tree/tree.ts';
import { defineCataloger } from '../../cataloger.ts';
import { catalogNames, type NameReader } from '../../named-packages.ts';
import { readCondaLock, readEnvironment, readExplicit, readMeta, readPixiLock } from './readers.ts';

const readers: readonly (readonly [RegExp, NameReader])[] = [
  [/^environment\.ya?ml$/, readEnvironment],
  [/^conda-lock\.ya?ml$/, readCondaLock],
  [/^conda(?:-[a-z0-9-]+)?\.lock$/, readExplicit],
  [/^pixi\.lock$/, readPixiLock],
];

function readerOf({ path }: TreeEntry): NameReader | undefined {
  if (path.endsWith('.json')) return path.includes('/conda-meta/') ? readMeta : undefined;
  const name = nameOf(path);
  return readers.find(([pattern]) => pattern.test(name))?.[1];
}

export const cataloger = defineCataloger({
  id: 'conda',
  title: 'Conda packages',
  description:
    'Installed packages by `conda-meta/*.json`; `conda-lock.yml`, `conda-PLATFORM.lock` and `pixi.lock`; of `environment.yaml` the ones with one version. What pip installs in them is listed with the lock files of Python.',
  references: [
    'https://docs.conda.io/projects/conda/en/latest/user-guide/tasks/manage-environments.html',
    'https://conda.github.io/conda-lock/output/',
    'https://pixi.sh/latest/workspace/lockfile/',
  ],
  guide: ['C25'],
  wants: (entry) => /\.(?:json|ya?ml|lock)$/.test(entry.path) && readerOf(entry) !== undefined,
  catalog: (entries, { tree }) => catalogNames({ id: 'conda', type: 'conda', entries, tree, readerOf }),
});
