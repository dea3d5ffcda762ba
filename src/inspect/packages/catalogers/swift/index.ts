import { defineCataloger } from '../../cataloger.ts';
import { asList, asObject, asText } from '../../json.ts';
import { catalogNames, readerByName, type NameReader } from '../../named-packages.ts';

/** Version 1 has the pins below `object` with `repositoryURL`, later ones at the top with `location`. A pin to a branch has no version. */
const readPackageResolved: NameReader = function* readPackageResolved(text) {
  const file = asObject(JSON.parse(text));
  const pins = [...asList(asObject(file['object'])['pins']), ...asList(file['pins'])].map(asObject);
  for (const pin of pins) {
    const url = asText(pin['repositoryURL']) ?? asText(pin['location']) ?? '';
    const state = asObject(pin['state']);
    const version = asText(state['version']) ?? asText(state['branch']);
    // `https://host/path`, `ssh://git@host/path`, `git@host:path`.
    const name = url
      .replace(/^[a-z+]+:\/\/(?:[^@/]*@)?/, '')
      .replace(/^[^@/:]+@(?<host>[^/:]+):/, '$<host>/')
      .replace(/\.git$/, '')
      .replace(/\/+$/, '');
    if (name !== '' && version !== undefined) yield { name, version };
  }
};

const { readerOf, wants } = readerByName({ 'Package.resolved': readPackageResolved });

export const cataloger = defineCataloger({
  id: 'swift',
  title: 'Swift packages',
  description: '`Package.resolved`, all versions. A package is named by its repository.',
  references: ['https://docs.swift.org/swiftpm/documentation/packagemanagerdocs/resolvingpackageversions'],
  guide: ['C25'],
  wants,
  catalog: (entries, { tree }) => catalogNames({ id: 'swift', type: 'swift', entries, tree, readerOf }),
});
