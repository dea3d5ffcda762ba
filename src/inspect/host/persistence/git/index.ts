import { nameOf, parentOf } from '../../../tree/tree.ts';
import { iniEntries } from '../../ini.ts';
import { filesAt, filesIn, readLines } from '../../locations.ts';
import { defineTechnique, type HostContext, type PersistenceItem } from '../../technique.ts';

/** Settings whose value is run. */
const commandKeys =
  /^(?:core\.(?:fsmonitor|pager|sshcommand|editor|askpass|gitproxy)|filter\.[^.]*\.?(?:clean|smudge|process)|diff\.external|.*\.textconv|credential(?:\..*)?\.helper|sequence\.editor|gpg(?:\..*)?\.program|uploadpack\.packobjectshook|remote\..*\.(?:uploadpack|receivepack)|merge\..*\.driver|(?:diff|merge)tool\..*\.cmd|pager\..*|interactive\.difffilter)$/;
/** What people set them to. */
const usualValues =
  /^(?:|true|false|cat|less\b.*|delta\b.*|vim?|nvim|nano|emacs\b.*|code\b.*|ssh|store|cache\b.*|osxkeychain|manager\b.*|libsecret|git-lfs .*|!?(?:\/(?:usr|opt\/homebrew)\/(?:local\/)?bin\/)?gh auth git-credential|exiftool|hexdump -C|pdfinfo|opendiff .*|gpg --no-tty --decrypt|ssh -i [\w.~/-]+|\/usr\/bin\/(?:gpg2?|ssh|less|nano|vim?))$/;

export const technique = defineTechnique({
  id: 'git',
  title: 'Commands that git runs',
  description:
    'Active hooks of repositories, and settings whose value git runs: core.fsmonitor, core.pager, core.sshCommand, core.hooksPath, filters, aliases with `!`. Hooks are common where people develop: they count by what they do.',
  places: ['**/.git/hooks/*', '**/.git/config', '/etc/gitconfig', '~/.gitconfig', '~/.config/git/config'],
  attack: ['T1546'],
  guide: ['B02', 'B11'],
  references: ['https://git-scm.com/docs/githooks', 'https://git-scm.com/docs/git-config'],
  wants: ({ path, type, mode }) =>
    type === 'file' &&
    ((path.endsWith('/config') && (nameOf(parentOf(path)).endsWith('.git') || /\/\.git\/modules\//.test(path))) ||
      (nameOf(parentOf(path)) === 'hooks' &&
        (mode & 0o111) !== 0 &&
        !path.endsWith('.sample') &&
        (nameOf(parentOf(parentOf(path))).endsWith('.git') || /\/\.git\/(?:modules|worktrees)\//.test(path)))),
  *find(context, wanted) {
    const { tree, accounts } = context;
    const homes = [...accounts.homes().keys()].flatMap((home) => [`${home}/.gitconfig`, `${home}/.config/git/config`]);
    const settings = [
      ...wanted.filter(({ path }) => path.endsWith('/config')),
      ...filesAt(tree, ['/etc/gitconfig', ...homes]),
    ];
    for (const { path } of settings) yield* settingsOf(context, path);
    for (const { path, uid } of wanted) {
      if (!path.endsWith('/config')) {
        yield { path, title: 'git hook', runs: readLines(tree, path), user: accounts.nameOf(uid), unowned: 0.1 };
      }
    }
    for (const { path } of filesIn(tree, [
      '/usr/share/git-core/templates/hooks',
      '/usr/local/share/git-core/templates/hooks',
    ])) {
      if (!path.endsWith('.sample')) {
        yield { path, title: 'git hook of new repositories', runs: readLines(tree, path), unowned: 0.4 };
      }
    }
  },
});

function* settingsOf({ tree, accounts }: HostContext, path: string): Generator<PersistenceItem> {
  const user = accounts.nameOf(tree.lstat(path)?.uid ?? 0);
  for (const { section, key, value, line } of iniEntries(readLines(tree, path))) {
    const name = `${section.replace(/\s*"(?<sub>[^"]*)"/, '.$<sub>')}.${key}`.toLowerCase();
    const text = value.replace(/^"(?<inner>.*)"$/, '$<inner>');
    const isAlias = name.startsWith('alias.') && text.startsWith('!');
    const isHooks = name === 'core.hookspath' || name === 'init.templatedir';
    const isInclude = /^include(?:if\..*)?\.path$/.test(name);
    if (isInclude) {
      // Most people keep some settings beside the others; what counts is a place that is odd.
      yield { path, line, title: 'setting of git from elsewhere', targets: [text], user, unowned: 0 };
      continue;
    }
    if (!isAlias && !isHooks && (!commandKeys.test(name) || usualValues.test(text))) continue;
    yield {
      path,
      line,
      title: `setting of git that runs a program`,
      ...(isHooks ? { targets: [text] } : { runs: text.replace(/^!/, '') }),
      user,
      unowned: 0,
      signs: [
        {
          what: isHooks ? 'takes hooks from elsewhere' : 'has git run a program',
          value: `${name} = ${text}`,
          weight: weightOf(isAlias, text),
        },
      ],
    };
  }
}

/** An alias is the owner's own command; a helper that is a piece of shell is nobody's habit. */
function weightOf(isAlias: boolean, command: string): number {
  if (isAlias) return 0.05;
  return /^!.*[;|&>]/.test(command) ? 0.4 : 0.25;
}
