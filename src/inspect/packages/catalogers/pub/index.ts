import { defineCataloger } from '../../cataloger.ts';
import { asObject, asText } from '../../json.ts';
import { catalogNames, readerByName, type NameReader } from '../../named-packages.ts';
import { yamlTexts } from '../../yaml-texts.ts';

const readPubspecLock: NameReader = function* readPubspecLock(text) {
  const packages = asObject(asObject(yamlTexts(text))['packages']);
  for (const [name, value] of Object.entries(packages)) {
    const entry = asObject(value);
    const version = asText(entry['version']);
    // Packages of the SDK have its version, and come with it.
    if (version === undefined || entry['source'] === 'sdk') continue;
    yield { name, version, isDevelopment: entry['dependency'] === 'direct dev' ? true : undefined };
  }
};

const { readerOf, wants } = readerByName({ 'pubspec.lock': readPubspecLock });

export const cataloger = defineCataloger({
  id: 'pub',
  title: 'Dart packages',
  description: '`pubspec.lock`. Packages of the SDK are left out; transitive ones count as production.',
  references: ['https://dart.dev/tools/pub/glossary#lockfile'],
  guide: ['C25'],
  wants,
  catalog: (entries, { tree }) => catalogNames({ id: 'pub', type: 'pub', entries, tree, readerOf }),
});
