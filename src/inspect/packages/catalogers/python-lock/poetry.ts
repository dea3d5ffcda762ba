import { append } from '../../../../base/multimap.ts';
import { decodeUtf8 } from '../../../../base/bytes.ts';
import { childOf, parentOf } from '../../../tree/tree.ts';
import { asList, asObject, asText } from '../../json.ts';
import type { NameContext, NameReader } from '../../named-packages.ts';
import { developmentOnly } from '../../reach.ts';
import { parseToml } from '../../toml.ts';
import { named } from './locks.ts';

type Members = Readonly<Record<string, unknown>>;
const maxManifestBytes = 2 ** 20;

/**
 * `poetry.lock`: `category` (until Poetry 1.4) or `groups` (since 2.0) say what is for development. Between, the lock tells nothing: what
 * only groups of the `pyproject.toml` beside it lead to is for development then.
 */
export const readPoetryLock: NameReader = function* readPoetryLock(text, context) {
  const entries = asList(parseToml(text)['package']).map(asObject);
  const isMarked = entries.some((entry) => 'category' in entry || 'groups' in entry);
  const isDevelopmentOnly = isMarked ? undefined : fromManifest(entries, context);
  for (const entry of entries) {
    const groups = asList(entry['groups']);
    const isMarkedSo = entry['category'] === 'dev' || (groups.length > 0 && !groups.includes('main'));
    yield* named(entry, isDevelopmentOnly?.(keyOf(asText(entry['name']) ?? '')) ?? isMarkedSo);
  }
};

/** Names are written in several ways (packaging.python.org, name-normalization). */
function keyOf(name: string): string {
  return name.toLowerCase().replaceAll(/[-_.]+/g, '-');
}

function fromManifest(entries: readonly Members[], context: NameContext): (key: string) => boolean {
  const needs = new Map<string, string[]>();
  for (const entry of entries) {
    const key = keyOf(asText(entry['name']) ?? '');
    for (const need of keysOf(entry['dependencies'])) append(needs, key, need);
  }
  const manifest = manifestBeside(context);
  const poetry = asObject(asObject(manifest['tool'])['poetry']);
  const project = asObject(manifest['project']);
  const groups = Object.entries(asObject(poetry['group'])).map(
    ([name, group]) => [name, keysOf(asObject(group)['dependencies'])] as const,
  );
  return developmentOnly(
    { needsOf: (key) => needs.get(key) ?? [] },
    {
      production: [
        ...keysOf(poetry['dependencies']),
        ...requirementsIn(project['dependencies']),
        ...Object.values(asObject(project['optional-dependencies'])).flatMap(requirementsIn),
        ...groups.filter(([name]) => name === 'main').flatMap(([, keys]) => keys),
      ],
      development: [
        ...keysOf(poetry['dev-dependencies']),
        ...groups.filter(([name]) => name !== 'main').flatMap(([, keys]) => keys),
        ...Object.values(asObject(manifest['dependency-groups'])).flatMap(requirementsIn),
      ],
    },
  );
}

function keysOf(table: unknown): string[] {
  return Object.keys(asObject(table)).map(keyOf);
}

/** Names of requirements as PEP 508 writes them: `name[extra]>=1.0; marker`. */
function requirementsIn(list: unknown): string[] {
  return asList(list).map((one) => keyOf(/^[\w.-]*/.exec(asText(one) ?? '')?.[0] ?? ''));
}

function manifestBeside({ entry, tree }: NameContext): Members {
  const bytes = tree.read(childOf(parentOf(entry.path), 'pyproject.toml'), maxManifestBytes);
  try {
    return bytes === undefined ? {} : parseToml(decodeUtf8(bytes));
  } catch {
    // Poetry itself would not take it; without it everything counts as production.
    return {};
  }
}
