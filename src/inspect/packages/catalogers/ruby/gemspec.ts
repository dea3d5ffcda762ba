import { nameOf } from '../../../tree/tree.ts';
import type { NameReader } from '../../named-packages.ts';

const maxLineLength = 4096;

/** The texts that RubyGems writes when it installs: `s.name = "x".freeze`, `s.version = "1.0"`, `s.licenses = ["MIT".freeze]`. */
export const readGemspec: NameReader = function* readGemspec(text, { entry, problem }) {
  const values = new Map<string, string[]>();
  for (const line of text.split('\n')) {
    if (line.length > maxLineLength) continue;
    const pattern = /^\s*(?:s|spec|gem)\.(?<key>name|version|licenses?)\s*=\s*(?<value>.*)$/;
    const { key, value = '' } = pattern.exec(line)?.groups ?? {};
    if (key !== undefined && !values.has(key)) values.set(key, textsIn(value));
  }
  // `name-1.2.3[-platform].gemspec` where a version is computed.
  const byName = /^(?<name>.+?)-(?<version>\d[\w.]*)(?:-[^/]*)?\.gemspec$/.exec(nameOf(entry.path))?.groups;
  const name = values.get('name')?.[0] ?? byName?.['name'];
  const version = values.get('version')?.[0] ?? byName?.['version'];
  if (name === undefined || name === '' || version === undefined) {
    problem('it names no gem and version');
    return;
  }
  yield {
    name,
    version,
    licenses: values.get('licenses') ?? values.get('license'),
    details: entry.path.includes('/specifications/default/') ? { default: 'yes' } : undefined,
  };
};

function textsIn(value: string): string[] {
  return [...value.matchAll(/"(?<double>[^"]*)"|'(?<single>[^']*)'|%q<(?<angle>[^>]*)>/g)].map(
    ({ groups }) => groups?.['double'] ?? groups?.['single'] ?? groups?.['angle'] ?? '',
  );
}
