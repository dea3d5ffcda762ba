import { defineCataloger } from '../../cataloger.ts';
import { asList, asObject, asText } from '../../json.ts';
import { catalogNames, readerByName, type NamedPackage, type NameReader } from '../../named-packages.ts';

/** `name/version[@user/channel][#revision[%time]]`. */
function parseReference(reference: string, isDevelopment: boolean): NamedPackage | undefined {
  const groups = /^(?<name>[^/@#\s]+)\/(?<version>[^/@#:\s]+)/.exec(reference)?.groups;
  if (groups === undefined) return undefined;
  return {
    name: groups['name'] ?? '',
    version: groups['version'] ?? '',
    isDevelopment: isDevelopment ? true : undefined,
  };
}

/** Version 0.4 of the format (Conan 1) has a graph, 0.5 (Conan 2) lists. */
const readConanLock: NameReader = function* readConanLock(text) {
  const lock = asObject(JSON.parse(text));
  const nodes = Object.values(asObject(asObject(lock['graph_lock'])['nodes'])).map(asObject);
  const references = [
    ...nodes.map((node) => [node['ref'], node['context'] === 'build'] as const),
    ...asList(lock['requires']).map((reference) => [reference, false] as const),
    ...asList(lock['build_requires']).map((reference) => [reference, true] as const),
    ...asList(lock['python_requires']).map((reference) => [reference, true] as const),
  ];
  for (const [reference, isDevelopment] of references) {
    const named = parseReference(asText(reference) ?? '', isDevelopment);
    if (named !== undefined) yield named;
  }
};

/** References one a line under the sections that are asked for: `[requires]` of a `conanfile.txt`, `[full_requires]` of a `conaninfo.txt`. */
function readSections(wanted: ReadonlyMap<string, boolean>): NameReader {
  return function* read(text) {
    let isDevelopment: boolean | undefined;
    for (const line of text.split(/\r?\n/)) {
      const section = /^\s*\[(?<name>\w+)\]\s*$/.exec(line)?.groups?.['name'];
      if (section !== undefined) isDevelopment = wanted.get(section);
      else if (isDevelopment !== undefined) {
        const named = parseReference(line.trim().slice(0, 2048), isDevelopment);
        // A range in brackets says what may be taken.
        if (named !== undefined && !/[[\]<>~^*]/.test(named.version)) yield named;
      }
    }
  };
}

const { readerOf, wants } = readerByName({
  'conan.lock': readConanLock,
  'conanfile.txt': readSections(
    new Map([
      ['requires', false],
      ['build_requires', true],
      ['tool_requires', true],
    ]),
  ),
  'conaninfo.txt': readSections(new Map([['full_requires', false]])),
});

export const cataloger = defineCataloger({
  id: 'conan',
  title: 'Conan packages (C and C++)',
  description:
    '`conan.lock` of Conan 1 and 2, `conanfile.txt` where it names one version, and `conaninfo.txt`. What is only needed to build is for development.',
  references: ['https://docs.conan.io/2/tutorial/versioning/lockfiles.html'],
  guide: ['C25'],
  wants,
  catalog: (entries, { tree }) => catalogNames({ id: 'conan', type: 'conan', entries, tree, readerOf }),
});
