import type { FileTree } from '../../../tree/tree.ts';
import { filesIn, plainLines, readLines } from '../../locations.ts';
import { shellFiles } from '../../shell-files.ts';
import { defineTechnique } from '../../technique.ts';

const preloadFile = '/etc/ld.so.preload';
/** Variables that put foreign code into each program that is started with them. */
const variablePattern =
  /^(?:export\s+|DefaultEnvironment=["']?|Environment=["']?)?(?<name>LD_PRELOAD|LD_AUDIT|LD_LIBRARY_PATH|GCONV_PATH)(?:\s+DEFAULT)?=["']?(?<value>[^"'\s]+)/;

export const technique = defineTechnique({
  id: 'ld-preload',
  title: 'Preloaded libraries',
  description:
    'Libraries that the dynamic linker puts into every program: `/etc/ld.so.preload`, and LD_PRELOAD, LD_AUDIT or LD_LIBRARY_PATH in the environment of all logins and services.',
  places: [
    '/etc/ld.so.preload',
    '/etc/environment',
    '/etc/security/pam_env.conf',
    '/etc/default/*',
    '/etc/systemd/{system,user}.conf',
    '/etc/environment.d/*',
    '~/.pam_environment',
    '~/.config/environment.d/*',
    'start files of shells',
  ],
  attack: ['T1574.006'],
  guide: ['B11', 'B27'],
  references: ['https://man7.org/linux/man-pages/man8/ld.so.8.html', 'https://attack.mitre.org/techniques/T1574/006/'],
  *find({ tree, accounts }) {
    for (const { line, text } of plainLines(readLines(tree, preloadFile))) {
      const libraries = text.split(/[\s:]+/).filter((path) => path !== '');
      yield {
        path: preloadFile,
        line,
        title: 'library preloaded into every program',
        targets: libraries,
        unowned: 0.85,
        signs: [{ what: 'preloads a library', value: text, weight: 0.4 }],
      };
    }
    const homes = [...accounts.homes().keys()];
    const shells = [...shellFiles(tree, accounts)]
      .filter(({ path }) => path !== '/etc/environment')
      .map(({ path }) => path);
    for (const path of [...environmentFiles(tree, homes), ...shells]) {
      for (const { line, text } of plainLines(readLines(tree, path))) {
        const { name, value = '' } = variablePattern.exec(text)?.groups ?? {};
        if (name === undefined) continue;
        const isPreload = name === 'LD_PRELOAD' || name === 'LD_AUDIT';
        yield {
          path,
          line,
          title: `${name} for everything that is started`,
          targets: value.split(':'),
          unowned: 0,
          signs: [
            {
              what: isPreload ? 'preloads a library' : 'changes where libraries are found',
              value: text,
              weight: isPreload ? 0.75 : 0.4,
            },
          ],
        };
      }
    }
  },
});

function* environmentFiles(tree: FileTree, homes: readonly string[]): Generator<string> {
  yield* ['/etc/environment', '/etc/security/pam_env.conf', '/etc/systemd/system.conf', '/etc/systemd/user.conf'];
  const folders = [
    '/etc/default',
    '/etc/environment.d',
    '/usr/lib/environment.d',
    '/etc/systemd/system.conf.d',
    '/etc/systemd/user.conf.d',
    '/etc/sysconfig',
    '/etc/conf.d',
  ];
  for (const { path } of filesIn(tree, [...folders, ...homes.map((home) => `${home}/.config/environment.d`)])) {
    yield path;
  }
  for (const home of homes) yield `${home}/.pam_environment`;
}
