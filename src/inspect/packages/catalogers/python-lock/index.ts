import { nameOf, type TreeEntry } from '../../../tree/tree.ts';
import { defineCataloger } from '../../cataloger.ts';
import { catalogNames, type NameReader } from '../../named-packages.ts';
import { readCondaLock, readEnvironment, readPixiLock } from './conda.ts';
import { readPdmLock, readPipfileLock, readPylock, readUvLock } from './locks.ts';
import { readPoetryLock } from './poetry.ts';
import { readRequirements } from './requirements.ts';

const readers: readonly (readonly [RegExp, NameReader])[] = [
  [/^Pipfile\.lock$/, readPipfileLock],
  [/^poetry\.lock$/, readPoetryLock],
  [/^uv\.lock$/, readUvLock],
  [/^pdm\.lock$/, readPdmLock],
  [/^pylock(?:\.[^.]+)?\.toml$/, readPylock],
  [/requirements[^/]*\.txt$/, readRequirements],
  [/^environment\.ya?ml$/, readEnvironment],
  [/^conda-lock\.ya?ml$/, readCondaLock],
  [/^pixi\.lock$/, readPixiLock],
];

function readerOf({ path }: TreeEntry): NameReader | undefined {
  const name = nameOf(path);
  const reader = readers.find(([pattern]) => pattern.test(name))?.[1];
  return reader ?? (/\/requirements\/[^/]+\.txt$/.test(path) ? readRequirements : undefined);
}

export const cataloger = defineCataloger({
  id: 'python-lock',
  title: 'Lock files of Python',
  description:
    '`poetry.lock`, `Pipfile.lock`, `uv.lock`, `pdm.lock`, `pylock.toml`, the packages of PyPI in `pixi.lock`, `conda-lock.yml` and `environment.yml`, and of `requirements*.txt` and what stands in a folder `requirements` the lines with one exact version. Those below `site-packages` and `dist-packages` are not read: they belong to installed packages.',
  references: [
    'https://packaging.python.org/en/latest/specifications/pylock-toml/',
    'https://pip.pypa.io/en/stable/reference/requirements-file-format/',
  ],
  guide: ['C25'],
  wants: (entry) =>
    /\.(?:lock|toml|txt|ya?ml)$/.test(entry.path) &&
    readerOf(entry) !== undefined &&
    !/\/(?:site|dist)-packages\//.test(entry.path),
  catalog: (entries, { tree }) => catalogNames({ id: 'python-lock', type: 'pypi', entries, tree, readerOf }),
});
