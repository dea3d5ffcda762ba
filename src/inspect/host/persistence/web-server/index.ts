import { filesIn, foldersIn, plainLines, readLines } from '../../locations.ts';
import { defineTechnique, type PersistenceItem } from '../../technique.ts';

const roots = [
  '/etc/apache2',
  '/etc/httpd',
  '/etc/nginx',
  '/etc/lighttpd',
  '/usr/local/nginx/conf',
  '/usr/local/apache2/conf',
  '/etc/caddy',
];
const modulePattern = /^(?:LoadModule\s+\S+|load_module|LoadFile)\s+"?(?<path>[^";\s]+)/i;

export const technique = defineTechnique({
  id: 'web-server',
  title: 'Modules and programs of web servers',
  description:
    'Modules that a web server loads and no package owns, and programs that its settings start: piped logs, external rewriting, Lua, pages before every page, and folders of scripts in odd places.',
  places: ['/etc/apache2/**', '/etc/httpd/**', '/etc/nginx/**'],
  attack: ['T1505.004'],
  guide: ['B11'],
  references: ['https://attack.mitre.org/techniques/T1505/004/', 'https://httpd.apache.org/docs/2.4/logs.html#piped'],
  *find({ tree, ownership }) {
    const folders = roots.flatMap((root) => [root, ...[...foldersIn(tree, root)].map(({ path }) => path)]);
    for (const { path } of filesIn(tree, folders)) {
      for (const { line, text } of plainLines(readLines(tree, path))) {
        const written = modulePattern.exec(text)?.groups?.['path'];
        if (written !== undefined) {
          const module = written.startsWith('/') ? written : moduleAt(written);
          if (tree.stat(module) === undefined || ownership.standing(module).kind !== 'unowned') continue;
          yield {
            path,
            line,
            title: 'module of a web server',
            targets: [module],
            unowned: 0.1,
            signs: [{ what: 'loads a module that belongs to no package', value: module, weight: 0.55 }],
          };
          continue;
        }
        yield* settingOf(path, line, text);
      }
    }
  },
});

/** What settings of web servers start, run before pages, or take scripts from. */
const commandPattern =
  /^(?:(?:Custom|Error|Transfer|Forensic)Log\s+"?\|{1,2}\$?|RewriteMap\s+\S+\s+"?prg:|ExtFilterDefine\s.{0,200}?\bcmd="?)(?<command>[^"\s][^"]*)/i;
const prependPattern = /\bauto_(?:prepend|append)_file\b\s*=?\s*"?(?<file>[^\s";]+)/i;
const luaPattern = /\b(?:os\.execute|io\.popen)\s*\([^\n]{0,200}/;
const scriptPattern = /^(?:ScriptAlias(?:Match)?|WSGIScriptAlias)\s+\S+\s+"?(?<folder>\/[^\s"]+)/i;

function* settingOf(path: string, line: number, text: string): Generator<PersistenceItem> {
  const item = { path, line, title: 'setting of a web server', user: 'www-data', unowned: 0.1 };
  const command = commandPattern.exec(text)?.groups?.['command'];
  if (command !== undefined) {
    const sign = { what: 'is started by the web server', value: text.slice(0, 120), weight: 0.2 };
    yield { ...item, title: 'program that a web server starts', runs: command, signs: [sign] };
  }
  const file = prependPattern.exec(text)?.groups?.['file'];
  if (file !== undefined && !/^(?:none|off)$/i.test(file)) {
    const sign = { what: 'runs code before or after every page', value: text.slice(0, 120), weight: 0.5 };
    yield { ...item, targets: [file], signs: [sign] };
  }
  const call = luaPattern.exec(text)?.[0];
  if (call !== undefined) {
    const isRequest = /\bngx\.(?:var|req)\b|\barg_/.test(call);
    yield { ...item, signs: [{ what: 'has Lua run a command', value: call, weight: isRequest ? 0.75 : 0.35 }] };
  }
  const folder = scriptPattern.exec(text)?.groups?.['folder'];
  if (folder !== undefined) yield { ...item, title: 'folder of scripts', targets: [folder] };
}

/** Apache takes it below its root; Debian's is /usr/lib/apache2. */
function moduleAt(path: string): string {
  return `/usr/lib/${path.startsWith('modules/') ? 'apache2/' : ''}${path}`;
}
