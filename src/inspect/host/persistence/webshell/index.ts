import { microsPerDay } from '../../../../base/time.ts';
import { readLines } from '../../locations.ts';
import { isHidden } from '../../../../match/commands/paths.ts';
import { defineTechnique, type HostContext, type PersistenceItem, type Sign } from '../../technique.ts';
import type { FileTree, TreeEntry } from '../../../tree/tree.ts';
import { extensionOf, webRoots } from './roots.ts';
import { servedFiles } from './server-roots.ts';
import { scriptSigns } from './tokens.ts';

const extensions = new Set([
  'php',
  'php3',
  'php4',
  'php5',
  'php7',
  'pht',
  'phtml',
  'phar',
  'inc',
  'jsp',
  'jspx',
  'jspf',
  'jsw',
  'asp',
  'aspx',
  'ashx',
  'asmx',
  'cgi',
  'pl',
  'py',
  'sh',
  'rb',
  'erb',
  'cfm',
  'shtml',
  'htaccess',
]);
/** Pictures that hold a script, which a setting then has run. */
const disguises = new Set(['jpg', 'jpeg', 'png', 'gif', 'ico', 'bmp', 'svg', 'txt', 'log', 'dat']);
const textual = new Set(['txt', 'log', 'dat', 'svg']);
/** Programs in Node: few are pages, and those that packages bring are many. */
const nodeExtensions = new Set(['js', 'mjs', 'cjs', 'ts']);
const maxNodeBytes = 2 ** 18;
const headBytes = 65_536;

export const technique = defineTechnique({
  id: 'webshell',
  title: 'Web shells',
  description:
    'Scripts in web roots that run what a request brings: PHP, JSP, ASP and ASP.NET, CGI in Perl and shells, Python, Node, Ruby, told by request values that reach a call that runs code or commands, by packing, by hidden names, by pictures that hold a script, and by a time that was set back.',
  places: [
    '/var/www/**',
    '/srv/**',
    '/usr/share/nginx/html/**',
    'webapps of Tomcat',
    'DocumentRoot and root of web servers',
    '**/.htaccess',
  ],
  attack: ['T1505.003'],
  guide: ['B11'],
  references: ['https://attack.mitre.org/techniques/T1505/003/'],
  wants: (entry) => webRoots.test(entry.path) && isScript(entry),
  *find(context, wanted) {
    const { tree, accounts, ownership } = context;
    for (const entry of scriptsOf(context, wanted)) {
      const extension = extensionOf(entry.path);
      const isDisguised = disguises.has(extension);
      if (isDisguised && !holdsScript(tree, entry.path)) continue;
      const text = isDisguised
        ? (tree.read(entry.path, headBytes)?.toString('latin1') ?? '')
        : readLines(tree, entry.path);
      const signs = scriptSigns(text, isDisguised ? 'php' : extension);
      if (signs.length === 0 || ownership.standing(entry.path).kind === 'packaged') continue;
      if (isDisguised) signs.push(disguiseSign(entry.path, extension));
      yield itemOf(entry, signs, accounts.nameOf(entry.uid));
    }
  },
});

function isScript({ path, type, size }: TreeEntry): boolean {
  if (type !== 'file' || size === 0 || size > 2 ** 24) return false;
  const extension = extensionOf(path);
  if (nodeExtensions.has(extension)) return size <= maxNodeBytes && !path.includes('/node_modules/');
  return extensions.has(extension) || disguises.has(extension);
}

/** Those in the customary folders, then those where the settings of web servers say that pages are. */
function* scriptsOf(context: HostContext, wanted: readonly TreeEntry[]): Generator<TreeEntry> {
  yield* wanted;
  for (const entry of servedFiles(context)) if (isScript(entry)) yield entry;
}

function itemOf(entry: TreeEntry, signs: readonly Sign[], user: string): PersistenceItem {
  const more: Sign[] = [];
  if (isHidden(entry.path)) more.push({ what: 'is hidden', value: entry.path, weight: 0.45 });
  const came = entry.btime ?? entry.ctime;
  const days = came === undefined ? 0 : Math.floor((came - entry.mtime) / microsPerDay);
  if (days > 30) more.push({ what: 'says that it is older than it is', value: `${days} days`, weight: 0.05 });
  if (/^(?:www-data|apache|nginx|http|tomcat\d*|nobody)$/.test(user)) {
    more.push({ what: 'belongs to the web server itself', value: user, weight: 0.15 });
  }
  return { path: entry.path, title: 'web shell', user, unowned: 0, signs: [...signs, ...more], isJudgedAnyway: true };
}

/** Manuals hold pieces of scripts as texts; pictures hold none. */
function disguiseSign(path: string, extension: string): Sign {
  return textual.has(extension)
    ? { what: 'is a script in a text', value: path, weight: 0.15 }
    : { what: 'is a script in a picture', value: path, weight: 0.5 };
}

function holdsScript(tree: FileTree, path: string): boolean {
  const head = tree.read(path, headBytes)?.toString('latin1') ?? '';
  return /<\?php\b|<\?=|<%@\s*page|<script\s+runat=/i.test(head);
}
