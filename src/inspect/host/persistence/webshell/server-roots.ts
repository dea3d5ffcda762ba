import { normalPath, walkTree, type FileTree, type TreeEntry } from '../../../tree/tree.ts';
import { filesLike, plainLines, readText } from '../../locations.ts';
import { webRoots } from './roots.ts';

const settings = [
  '/etc/nginx/*.conf',
  '/etc/nginx/*/*',
  '/etc/apache2/*.conf',
  '/etc/apache2/*/*',
  '/etc/httpd/conf/*',
  '/etc/httpd/conf.d/*',
  '/etc/lighttpd/*.conf',
  '/etc/lighttpd/*/*',
  '/etc/caddy/*',
  '/etc/tomcat*/*.xml',
  '/opt/tomcat*/conf/*.xml',
  '/usr/local/nginx/conf/*',
  '/usr/local/apache2/conf/*',
];
const folderPattern =
  /(?:\b(?:root(?:\s{1,10}\*)?|alias|DocumentRoot|ScriptAlias(?:Match)?\s{1,10}\S{1,200}|WSGIScriptAlias\s{1,10}\S{1,200}|Alias\s{1,10}\S{1,200})\s{1,10}|\bserver\.document-root\s{0,10}=\s{0,10}|\b(?:appBase|docBase)\s{0,4}=\s{0,4}|\balias\.url\b[^\n]{0,200}=>\s{0,10})["']?(?<folder>\/[^\s"';{}()]{1,400})/gi;

/** Folders of the system that no site stands in, however somebody set it. */
const tooWide =
  /^\/(?:$|(?:etc|usr|var|home|root|proc|sys|dev|bin|sbin|lib|boot|run|tmp|opt|srv|usr\/(?:lib|share|bin|sbin|local)|var\/(?:lib|log|cache))\/?$)/;
const maxFolders = 200;
/** Files of all such folders together. */
const maxEntries = 500_000;

/** What stands in the folders that the settings of web servers name, as far as the customary ones do not hold it already. */
export function* servedFiles(tree: FileTree): Generator<TreeEntry> {
  let count = 0;
  for (const folder of serverRoots(tree)) {
    for (const entry of walkTree(tree, folder)) {
      if (++count > maxEntries) return;
      if (entry.type === 'file' && !webRoots.test(entry.path)) yield entry;
    }
  }
}

function serverRoots(tree: FileTree): ReadonlySet<string> {
  const folders = new Set<string>();
  for (const { path } of filesLike(tree, settings)) {
    for (const { text } of plainLines(readText(tree, path))) {
      for (const { groups } of text.matchAll(folderPattern)) {
        const folder = normalPath(groups?.['folder'] ?? '/');
        if (folders.size < maxFolders && !tooWide.test(folder) && !webRoots.test(`${folder}/`)) folders.add(folder);
      }
    }
  }
  // A folder in another one of them is walked with it.
  return new Set([...folders].filter((folder) => ![...folders].some((other) => folder.startsWith(`${other}/`))));
}
