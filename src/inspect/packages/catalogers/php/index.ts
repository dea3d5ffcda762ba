import { defineCataloger } from '../../cataloger.ts';
import { asList, asObject, asText } from '../../json.ts';
import { catalogNames, readerByName, type NamedPackage, type NameReader } from '../../named-packages.ts';

function* named(list: unknown, isDevelopment: (name: string) => boolean): Generator<NamedPackage> {
  for (const entry of asList(list).map(asObject)) {
    const name = asText(entry['name']);
    const version = asText(entry['version']);
    if (name === undefined || version === undefined) continue;
    const license = entry['license'];
    const licenses = (Array.isArray(license) ? license : [license]).map(asText).filter((one) => one !== undefined);
    yield { name, version, licenses, isDevelopment: isDevelopment(name) ? true : undefined };
  }
}

const readComposerLock: NameReader = function* readComposerLock(text) {
  const lock = asObject(JSON.parse(text));
  yield* named(lock['packages'], () => false);
  yield* named(lock['packages-dev'], () => true);
};

/** Composer 1 wrote a list; Composer 2 writes `packages` and the names that are for development. */
const readInstalled: NameReader = function* readInstalled(text) {
  const value: unknown = JSON.parse(text);
  const development = new Set(asList(asObject(value)['dev-package-names']));
  yield* named(Array.isArray(value) ? value : asObject(value)['packages'], (name) => development.has(name));
};

const { readerOf, wants } = readerByName({ 'composer.lock': readComposerLock, 'installed.json': readInstalled });

export const cataloger = defineCataloger({
  id: 'php',
  title: 'PHP packages',
  description: 'Installed packages by `vendor/composer/installed.json` (Composer 1 and 2), and `composer.lock`.',
  references: ['https://getcomposer.org/doc/01-basic-usage.md#commit-your-composer-lock-file-to-version-control'],
  guide: ['C25'],
  wants: (entry) => wants(entry),
  catalog: (entries, { tree }) => catalogNames({ id: 'php', type: 'composer', entries, tree, readerOf }),
});
