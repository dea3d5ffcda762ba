import { normalPath, walkTree, type TreeEntry } from '../../../tree/tree.ts';
import { filesLike, plainLines, readLines } from '../../locations.ts';
import type { HostContext } from '../../technique.ts';
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

type Places = Pick<HostContext, 'tree' | 'notChecked'>;

/** What stands in the folders that the settings of web servers name, as far as the customary ones do not hold it already. */
export function* servedFiles(context: Places): Generator<TreeEntry> {
  let count = 0;
  for (const folder of serverRoots(context)) {
    for (const entry of walkTree(context.tree, folder)) {
      if (++count > maxEntries) {
        context.notChecked(
          `pages in ${folder}`,
          `more than ${maxEntries} files stand where web servers have their pages`,
        );
        return;
      }
      if (entry.type === 'file' && !webRoots.test(entry.path)) yield entry;
    }
  }
}

function serverRoots(context: Places): ReadonlySet<string> {
  const folders = new Set<string>();
  for (const { path } of filesLike(context, settings)) {
    for (const { text } of plainLines(readLines(context.tree, path))) {
      for (const { groups } of text.matchAll(folderPattern)) {
        const folder = normalPath(groups?.['folder'] ?? '/');
        if (!tooWide.test(folder) && !webRoots.test(`${folder}/`)) folders.add(folder);
        if (folders.size > maxFolders) {
          context.notChecked('pages of web servers', `their settings name more than ${maxFolders} folders`);
          return withoutInner(folders);
        }
      }
    }
  }
  return withoutInner(folders);
}

/** A folder in another one of them is walked with it. */
function withoutInner(folders: ReadonlySet<string>): ReadonlySet<string> {
  return new Set([...folders].filter((folder) => ![...folders].some((other) => folder.startsWith(`${other}/`))));
}
