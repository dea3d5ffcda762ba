import { nameOf, type TreeEntry } from '../../../tree/tree.ts';
import { defineCataloger } from '../../cataloger.ts';
import { catalogNames, type NameReader } from '../../named-packages.ts';
import { readDepsJson } from '../../deps-json.ts';
import { readPackagesConfig, readPackagesLock, readPackagesProps } from './readers.ts';

const readers: readonly (readonly [RegExp, NameReader])[] = [
  [/\.deps\.json$/, readDepsJson],
  [/^packages\.lock\.json$/, readPackagesLock],
  [/^packages\.config$/, readPackagesConfig],
  [/^(?:directory\.)?packages\.props$/i, readPackagesProps],
];

function readerOf({ path }: TreeEntry): NameReader | undefined {
  const name = nameOf(path);
  return readers.find(([pattern]) => pattern.test(name))?.[1];
}

export const cataloger = defineCataloger({
  id: 'dotnet',
  title: '.NET packages',
  description:
    '`*.deps.json` of published applications (with the runtime that a self-contained one carries; what was only needed to compile is for development), `packages.lock.json`, `packages.config`, and `Directory.Packages.props` where versions are managed at one place.',
  references: [
    'https://github.com/dotnet/sdk/blob/main/documentation/specs/runtime-configuration-file.md',
    'https://learn.microsoft.com/en-us/nuget/consume-packages/package-references-in-project-files',
  ],
  guide: ['C25'],
  wants: (entry) => /\.(?:json|config|props)$/.test(entry.path) && readerOf(entry) !== undefined,
  catalog: (entries, { tree }) => catalogNames({ id: 'dotnet', type: 'nuget', entries, tree, readerOf }),
});
