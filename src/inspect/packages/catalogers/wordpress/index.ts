import { decodeUtf8 } from '../../../../base/bytes.ts';
import { nameOf, parentOf, type TreeEntry } from '../../../tree/tree.ts';
import { defineCataloger } from '../../cataloger.ts';
import { Findings } from '../../findings.ts';
import { purlOf } from '../../purl.ts';

/** WordPress itself reads no more of a plugin's file for its header. */
const maxHeaderBytes = 2 ** 13;
const pluginPath = /\/wp-content\/plugins\/(?:(?<folder>[^/]+)\/)?[^/]+\.php$/;
const themePath = /\/wp-content\/themes\/[^/]+\/style\.css$/;

export const cataloger = defineCataloger({
  id: 'wordpress',
  title: 'WordPress, its plugins and themes',
  description:
    'WordPress by `wp-includes/version.php`, plugins by the header of their main file, themes by `style.css`. No advisories of OSV name them: they are listed.',
  references: ['https://developer.wordpress.org/plugins/plugin-basics/header-requirements/'],
  guide: ['C25'],
  wants: ({ path }) =>
    path.endsWith('/wp-includes/version.php') ||
    (path.includes('/wp-content/') && (pluginPath.test(path) || themePath.test(path))),
  catalog(entries, { tree }) {
    const findings = new Findings();
    for (const entry of entries) {
      const text = decodeUtf8(tree.read(entry.path, maxHeaderBytes) ?? Buffer.alloc(0));
      const found = describe(entry, text);
      if (found === undefined) continue;
      const purl = purlOf('generic', found.name, found.version);
      findings.add({
        ...found,
        type: 'generic',
        purl,
        locations: [entry.path],
        layer: entry.layer,
        foundBy: 'wordpress',
      });
    }
    return findings.done();
  },
});

interface Found {
  readonly name: string;
  readonly version: string;
  readonly details: Readonly<Record<string, string>>;
}

function describe({ path }: TreeEntry, text: string): Found | undefined {
  if (path.endsWith('/version.php')) {
    const version = /^\s*\$wp_version\s*=\s*'(?<version>[^'\n]{1,60})'/m.exec(text)?.groups?.['version'];
    return version === undefined ? undefined : { name: 'wordpress', version, details: { part: 'core' } };
  }
  const isTheme = path.endsWith('/style.css');
  const title = header(
    text,
    isTheme ? /^[\s*/#@]*Theme Name:(?<value>.*)$/im : /^[\s*/#@]*Plugin Name:(?<value>.*)$/im,
  );
  const version = header(text, /^[\s*/#@]*Version:(?<value>.*)$/im);
  if (title === undefined || version === undefined) return undefined;
  const plugin = pluginPath.exec(path)?.groups?.['folder'] ?? nameOf(path).replace(/\.php$/, '');
  const name = isTheme ? nameOf(parentOf(path)) : plugin;
  return { name, version, details: { part: isTheme ? 'theme' : 'plugin', title } };
}

/** A field of the comment at the top; the end of a comment on its line does not belong to it. */
function header(text: string, pattern: RegExp): string | undefined {
  const value = pattern
    .exec(text)
    ?.groups?.['value']?.replace(/\s*(?:\*\/|\?>).*$/, '')
    .trim();
  return value === undefined || value === '' || value.length > 200 ? undefined : value;
}
