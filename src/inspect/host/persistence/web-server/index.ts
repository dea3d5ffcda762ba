import { filesIn, foldersIn, plainLines, readText } from '../../locations.ts';
import { defineTechnique } from '../../technique.ts';

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
    'Modules that a web server loads and no package owns, and programs that its settings start: piped logs, external rewriting, Lua.',
  places: ['/etc/apache2/**', '/etc/httpd/**', '/etc/nginx/**'],
  attack: ['T1505.004'],
  guide: ['B11'],
  references: ['https://attack.mitre.org/techniques/T1505/004/', 'https://httpd.apache.org/docs/2.4/logs.html#piped'],
  *find({ tree, ownership }) {
    const folders = roots.flatMap((root) => [root, ...[...foldersIn(tree, root)].map(({ path }) => path)]);
    for (const { path } of filesIn(tree, folders)) {
      for (const { line, text } of plainLines(readText(tree, path))) {
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
        const command =
          /^(?:(?:Custom|Error|Transfer|Forensic)Log\s+"?\|{1,2}\$?|RewriteMap\s+\S+\s+"?prg:)(?<command>[^"\s][^"]*)/i.exec(
            text,
          )?.groups?.['command'];
        if (command !== undefined) {
          yield {
            path,
            line,
            title: 'program that a web server starts',
            runs: command,
            unowned: 0.1,
            signs: [{ what: 'is started by the web server', value: text.slice(0, 120), weight: 0.2 }],
          };
        }
      }
    }
  },
});

/** Apache takes it below its root; Debian's is /usr/lib/apache2. */
function moduleAt(path: string): string {
  return `/usr/lib/${path.startsWith('modules/') ? 'apache2/' : ''}${path}`;
}
