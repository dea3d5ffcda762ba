import { defineCataloger } from '../../cataloger.ts';
import { asList, asObject, asText } from '../../json.ts';
import { catalogNames, readerByName, type NamedPackage, type NameReader } from '../../named-packages.ts';
import { yamlTexts } from '../../yaml-texts.ts';

/** `name-1.2.3@sha256:…,123`: the version is the numbers behind the last dash. */
function parseIdentifier(identifier: string): NamedPackage | undefined {
  const pattern = /^(?<name>[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*)-(?<version>\d+(?:\.\d+)*)(?:@|$)/;
  const { name, version } = pattern.exec(identifier.slice(0, 512))?.groups ?? {};
  return name === undefined || version === undefined ? undefined : { name, version };
}

function* named(identifiers: Iterable<unknown>): Generator<NamedPackage> {
  for (const identifier of identifiers) {
    const one = parseIdentifier(asText(identifier) ?? '');
    if (one !== undefined) yield one;
  }
}

/** `stack.yaml`: packages beside those of the snapshot. From Git and folders they are objects. */
const readStack: NameReader = (text) => named(asList(asObject(yamlTexts(text))['extra-deps']));

const readStackLock: NameReader = (text) =>
  named(asList(asObject(yamlTexts(text))['packages']).map((one) => asObject(asObject(one)['completed'])['hackage']));

/** `cabal.project.freeze`: constraints `any.name ==version`, and flags. */
const readFreeze: NameReader = function* readFreeze(text) {
  const pattern = /(?:^|[\s,])(?:any\.)?(?<name>[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*) ?==(?<version>\d+(?:\.\d+)*)/g;
  for (const line of text.split('\n')) {
    for (const { groups } of line.slice(0, 4096).matchAll(pattern)) {
      yield { name: groups?.['name'] ?? '', version: groups?.['version'] ?? '' };
    }
  }
};

const { readerOf, wants } = readerByName({
  'stack.yaml': readStack,
  'stack.yaml.lock': readStackLock,
  'cabal.project.freeze': readFreeze,
});

export const cataloger = defineCataloger({
  id: 'haskell',
  title: 'Haskell packages',
  description: '`stack.yaml` (what it names beside its snapshot), `stack.yaml.lock`, `cabal.project.freeze`.',
  references: [
    'https://docs.haskellstack.org/en/stable/topics/lock_files/',
    'https://cabal.readthedocs.io/en/stable/cabal-commands.html#cabal-freeze',
  ],
  guide: ['C25'],
  wants,
  catalog: (entries, { tree }) => catalogNames({ id: 'haskell', type: 'hackage', entries, tree, readerOf }),
});
