import { nameOf, parentOf } from '../../../tree/tree.ts';
import { filesAt, filesIn, plainLines, readLines } from '../../locations.ts';
import { defineTechnique, type HostContext, type PersistenceItem } from '../../technique.ts';

const variables =
  /^(?:export\s+|set(?:env)?\s+)?(?<name>PYTHONSTARTUP|PYTHONPATH|PERL5OPT|PERL5LIB|PERL5DB|RUBYOPT|RUBYLIB|NODE_OPTIONS|NODE_PATH|BASH_ENV|ENV|JAVA_TOOL_OPTIONS|_JAVA_OPTIONS|GIT_SSH_COMMAND|PHPRC|PHP_INI_SCAN_DIR|LUA_INIT|LESSOPEN|LESSCLOSE|PAGER|MANPAGER|EDITOR|VISUAL|BROWSER)=["']?(?<value>[^"'\s;]+(?:\s+[^"';]+)?)/;
/** How odd it is to set one; the others load extensions. */
const phpWeights: Readonly<Record<string, number>> = {
  auto_prepend_file: 0.5,
  auto_append_file: 0.5,
  sendmail_path: 0.05,
};
const phpKeys =
  /^(?:php(?:_admin)?_(?:value|flag)\[)?(?<key>auto_prepend_file|auto_append_file|extension|zend_extension|sendmail_path|opcache\.preload)\]?\s*=\s*"?(?<value>[^"\s;][^";]*)/;

/** Code that Perl, and Ruby by its gems, load whenever they start. */
const startCode =
  /\/(?:perl|perl5)\/.*sitecustomize\.pl$|\/rubygems\/defaults\/operating_system\.rb$|\/(?:vendor|site)_ruby\/(?:[^/]+\/)?rubygems_plugin\.rb$/;

export const technique = defineTechnique({
  id: 'language-hooks',
  title: 'Code that interpreters load by themselves',
  description:
    'Variables that make Perl, Ruby, Node, Java, Python or a shell load foreign code at every start, files that PHP prepends to every page and extensions of no package, and npm settings that name a script or another shell.',
  places: [
    '/etc/environment',
    '/etc/profile.d/*',
    '/etc/default/*',
    '~/.bashrc and its like',
    '/etc/php/**/*.ini',
    '/etc/perl/sitecustomize.pl',
    '~/.npmrc',
    '/usr/etc/npmrc',
  ],
  attack: ['T1546', 'T1574'],
  guide: ['B11'],
  references: [
    'https://nodejs.org/api/cli.html#node_optionsoptions',
    'https://www.php.net/manual/en/ini.core.php#ini.auto-prepend-file',
  ],
  wants: ({ path, type }) =>
    (type === 'file' || type === 'symlink') &&
    (/^\/(?:etc|usr\/local\/etc|usr\/local\/lib|opt)\/.*php.*(?:\.ini|\/(?:pool|php-fpm)\.d\/[^/]+\.conf)$/.test(
      path,
    ) ||
      path.endsWith('/.user.ini') ||
      startCode.test(path)),
  *find(context, wanted) {
    for (const path of environmentFiles(context)) yield* variablesIn(context, path);
    for (const { path } of wanted) {
      if (startCode.test(path)) {
        const language = path.endsWith('.pl') ? 'Perl' : 'Ruby';
        const runs = readLines(context.tree, path);
        yield {
          path,
          title: `code that ${language} runs at every start`,
          runs,
          unowned: language === 'Perl' ? 0.4 : 0.3,
        };
      } else yield* phpSettings(context, path);
    }
    yield* npmSettings(context);
  },
});

function environmentFiles({ tree, accounts }: HostContext): string[] {
  const homes = [...accounts.homes().keys()];
  const names = ['.bashrc', '.bash_profile', '.profile', '.zshrc', '.zshenv', '.zprofile', '.pam_environment'];
  const fixed = [
    '/etc/environment',
    '/etc/profile',
    '/etc/bash.bashrc',
    ...homes.flatMap((home) => names.map((name) => `${home}/${name}`)),
  ];
  const folders = [
    '/etc/profile.d',
    '/etc/default',
    '/etc/environment.d',
    ...homes.map((home) => `${home}/.config/environment.d`),
  ];
  return [...filesAt(tree, fixed), ...filesIn(tree, folders)].map(({ path }) => path);
}

function* variablesIn({ tree, accounts }: HostContext, path: string): Generator<PersistenceItem> {
  for (const { line, text } of plainLines(readLines(tree, path))) {
    const { name = '', value = '' } = variables.exec(text)?.groups ?? {};
    const loads =
      name !== '' && !/^(?:NODE_OPTIONS|_?JAVA_\w+)$/.test(name)
        ? true
        : /--(?:require|import|loader)|-r\s|-javaagent:|-agent(?:lib|path):/.test(value);
    if (name === '' || !loads) continue;
    const [what, weight] = meaningOf(name);
    yield {
      path,
      line,
      title: `${name} for everything that is started`,
      targets: value.match(/\/[^\s:=,"']+/g) ?? [],
      user: accounts.atHome(path)?.name ?? 'root',
      unowned: 0,
      signs: [
        {
          what,
          value: `${name}=${value}`,
          weight,
        },
      ],
    };
  }
}

/** Folders of code are set by developers every day, and tools by everybody; there only the place counts. */
function meaningOf(name: string): readonly [what: string, weight: number] {
  if (/^(?:PYTHONPATH|PERL5LIB|RUBYLIB|NODE_PATH)$/.test(name)) return ['finds code elsewhere', 0.1];
  if (/^(?:LESS(?:OPEN|CLOSE)|(?:MAN)?PAGER|EDITOR|VISUAL|BROWSER)$/.test(name)) return ['has a tool start another', 0];
  return ['has an interpreter load code', 0.5];
}

function* phpSettings({ tree, ownership }: HostContext, path: string): Generator<PersistenceItem> {
  for (const { line, text } of plainLines(readLines(tree, path), ';')) {
    const { key = '', value = '' } = phpKeys.exec(text)?.groups ?? {};
    const isExtension = key === 'extension' || key === 'zend_extension';
    const isOwn = isExtension && (!value.startsWith('/') || ownership.standing(value).kind !== 'unowned');
    if (key === '' || isOwn || value.trim() === '') continue;
    const isPage = key.startsWith('auto_');
    yield {
      path,
      line,
      title: 'setting of PHP that loads code',
      ...(key === 'sendmail_path'
        ? { runs: value }
        : { targets: [value.startsWith('/') ? value.trim() : `${parentOf(path)}/${value.trim()}`] }),
      unowned: 0.1,
      signs: [
        {
          what: isPage ? 'runs code before or after every page' : 'loads code',
          value: `${key} = ${value}`,
          weight: phpWeights[key] ?? 0.3,
        },
      ],
    };
  }
}

/** For everybody, and the one that npm itself brings. */
const npmFiles = [
  '/etc/npmrc',
  '/usr/etc/npmrc',
  '/usr/local/etc/npmrc',
  '/usr/lib/node_modules/npm/npmrc',
  '/usr/local/lib/node_modules/npm/npmrc',
  '/usr/share/npm/npmrc',
];

function* npmSettings({ tree, accounts }: HostContext): Generator<PersistenceItem> {
  const homes = [...accounts.homes().keys()].map((home) => `${home}/.npmrc`);
  for (const { path } of filesAt(tree, [...npmFiles, ...homes])) {
    for (const { line, text } of plainLines(readLines(tree, path), ';')) {
      const { key = '', value = '' } =
        /^(?<key>node-options|script-shell|git|shell|onload-script|init-module)\s*=\s*(?<value>.+)$/.exec(text)
          ?.groups ?? {};
      if (key === '') continue;
      yield {
        path,
        line,
        title: `setting of ${nameOf(path)} that runs a program`,
        runs: value,
        user: accounts.atHome(path)?.name ?? 'root',
        unowned: 0,
        signs: [{ what: 'has npm run or load something', value: text, weight: 0.35 }],
      };
    }
  }
}
