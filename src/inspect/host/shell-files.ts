import type { FileTree } from '../tree/tree.ts';
import type { Account, Accounts } from './accounts.ts';
import { filesAt, filesIn, foldersIn } from './locations.ts';

const systemFiles = [
  '/etc/profile',
  '/etc/bash.bashrc',
  '/etc/bashrc',
  '/etc/csh.cshrc',
  '/etc/csh.login',
  '/etc/csh.logout',
  '/etc/zshenv',
  '/etc/zprofile',
  '/etc/zshrc',
  '/etc/environment',
  '/etc/inputrc',
  '/etc/bash.bash_logout',
  '/etc/ksh.kshrc',
  '/etc/mkshrc',
];
const systemFolders = [
  '/etc/profile.d',
  '/etc/zsh',
  '/etc/bashrc.d',
  '/etc/fish',
  '/etc/fish/conf.d',
  '/usr/share/fish/vendor_conf.d',
];
/** Shells read them when somebody presses the tabulator, bash those of /etc at its start. */
const completionFolders = [
  '/etc/bash_completion.d',
  '/usr/share/bash-completion/completions',
  '/usr/local/share/bash-completion/completions',
  '/usr/share/fish/vendor_completions.d',
  '/usr/share/zsh/site-functions',
  '/usr/local/share/zsh/site-functions',
];
const userFiles = [
  '.bashrc',
  '.bash_profile',
  '.bash_login',
  '.bash_aliases',
  '.bash_completion',
  '.profile',
  '.zshrc',
  '.zprofile',
  '.zshenv',
  '.zlogin',
  '.zlogout',
  '.cshrc',
  '.tcshrc',
  '.login',
  '.logout',
  '.bash_logout',
  '.kshrc',
  '.mkshrc',
  '.shrc',
  '.inputrc',
  '.config/fish/config.fish',
];
const userFolders = [
  '.bashrc.d',
  '.bash_completion.d',
  '.zshrc.d',
  '.config/zsh',
  '.config/fish/conf.d',
  '.config/fish/functions',
  '.oh-my-zsh/custom',
  '.local/share/bash-completion/completions',
];

/** A file that shells read by themselves. */
export interface ShellFile {
  readonly path: string;
  /** Whose it is; undefined for what everybody's shells read. */
  readonly account: Account | undefined;
  /** Read only when a command is completed: vendors put many there. */
  readonly isCompletion: boolean;
}

/** Start files of all shells of a tree, those that everybody's shells read before those of accounts. */
export function* shellFiles(tree: FileTree, accounts: Accounts): Generator<ShellFile> {
  for (const { path } of [...filesAt(tree, systemFiles), ...filesIn(tree, systemFolders)]) {
    yield { path, account: undefined, isCompletion: false };
  }
  for (const { path } of filesIn(tree, completionFolders)) yield { path, account: undefined, isCompletion: true };
  for (const [home, [account]] of accounts.homes()) {
    if (account === undefined) continue;
    const folders = userFolders.map((name) => `${home}/${name}`);
    const plugins = [...foldersIn(tree, `${home}/.oh-my-zsh/custom/plugins`)].map(({ path }) => path);
    const paths = userFiles.map((name) => `${home}/${name}`);
    for (const { path } of [...filesAt(tree, paths), ...filesIn(tree, [...folders, ...plugins])]) {
      yield { path, account, isCompletion: false };
    }
  }
}

/** Start files that new accounts get. */
export function* skeletonFiles(tree: FileTree): Generator<string> {
  for (const { path } of filesIn(tree, ['/etc/skel'], (name) => userFiles.includes(name))) yield path;
}
