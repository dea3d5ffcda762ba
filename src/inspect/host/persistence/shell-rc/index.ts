import type { FileTree } from '../../../tree/tree.ts';
import { isService } from '../../accounts.ts';
import { readLines } from '../../locations.ts';
import { isHidden, isTemporary } from '../../../../match/commands/paths.ts';
import { shellFiles, skeletonFiles } from '../../shell-files.ts';
import { defineTechnique, type HostContext, type PersistenceItem, type Sign } from '../../technique.ts';

export const technique = defineTechnique({
  id: 'shell-rc',
  title: 'Start files of shells',
  description:
    'What shells run at login, at each new terminal and at logout, for everybody and for one account: what it runs, aliases and functions that stand in front of sudo, ssh, passwd or ls, traps, prompts that run commands, and folders in PATH that others may write to.',
  places: [
    '/etc/profile',
    '/etc/profile.d/*',
    '/etc/bash.bashrc',
    '/etc/zsh/*',
    '/etc/environment',
    '~/.bashrc',
    '~/.profile',
    '~/.zshrc and their like',
    '/etc/skel/.*',
    '/etc/bash_completion.d/*',
    '/usr/share/bash-completion/completions/*',
  ],
  attack: ['T1546.004'],
  guide: ['B11'],
  references: ['https://attack.mitre.org/techniques/T1546/004/'],
  *find(context) {
    const { tree, accounts } = context;
    for (const path of skeletonFiles(tree)) yield* ofAccount(context, path, 'everybody new');
    for (const { path, account, isCompletion } of shellFiles(tree, accounts)) {
      if (account === undefined) yield* ofEverybody(tree, path, isCompletion);
      else {
        const own =
          isService(account) && account.uid !== 65_534
            ? [{ what: 'belongs to the account of a service', value: account.name, weight: 0.2 }]
            : [];
        yield* ofAccount(context, path, account.name, own);
      }
    }
  },
});

function* ofEverybody(tree: FileTree, path: string, isCompletion: boolean): Generator<PersistenceItem> {
  const text = readLines(tree, path);
  if (text.trim() === '') return;
  const unowned = path.startsWith('/etc/profile.d/') ? 0.3 : 0.1;
  yield {
    path,
    title: isCompletion ? 'completion of shells' : 'start file of all shells',
    runs: text,
    user: 'root',
    unowned: isCompletion ? 0.05 : unowned,
    changed: 0.3,
    // Completions are made of functions with the names of commands.
    signs: isCompletion ? [] : shellSigns(text),
  };
}

function* ofAccount(
  { tree, ownership }: HostContext,
  path: string,
  user: string,
  more: readonly Sign[] = [],
): Generator<PersistenceItem> {
  const text = readLines(tree, path);
  if (text.trim() === '') return;
  // A copy of what new accounts get, or of a file of a package, is nobody's work.
  if (isSkeleton(tree, path, text) || ownership.twinOf(path) !== undefined) return;
  yield { path, title: 'start file of a shell', runs: text, user, unowned: 0, signs: [...more, ...shellSigns(text)] };
}

function isSkeleton(tree: FileTree, path: string, text: string): boolean {
  if (path.startsWith('/etc/skel/')) return false;
  return readLines(tree, `/etc/skel/${path.slice(path.lastIndexOf('/') + 1)}`) === text;
}

function shellSigns(text: string): Sign[] {
  const signs: Sign[] = [];
  const add = (pattern: RegExp, what: string, weight: number): void => {
    const hit = pattern.exec(text)?.[0];
    if (hit !== undefined) signs.push({ what, value: hit.trim().slice(0, 120), weight });
  };
  // `alias sudo='sudo '` has what comes after it looked up among the aliases too, and is in every second file of the kind.
  add(
    /^\s*alias\s+(?<name>sudo|su|ssh|scp|passwd|doas)=(?!(?<quote>["']?)(?:TERM=[\w-]{1,40} )?\k<name>(?: -[EHCAv]{1,6}){0,6} {0,4}\k<quote>\s{0,4}(?:$|[#;])).{1,200}/m,
    'stands in front of a command that asks for a password',
    0.45,
  );
  add(
    /^\s*(?:function\s+)?(?:sudo|su|ssh|scp|sftp|passwd|doas|login|gpg|kubectl|docker|ls|ps|netstat|ss|lsof|top|cat|find|who|w|last)\s*\(\)\s*\{?.{0,100}/m,
    'puts a function in front of a command',
    0.4,
  );
  add(/\bread\s+-\w*s\w*\b.{0,100}/, 'reads a password', 0.45);
  add(/\btrap\s+.{1,200}\b(?:DEBUG|EXIT)\b/, 'runs something at every command or at the end', 0.3);
  add(/\bPROMPT_COMMAND=.{0,200}(?:curl|wget|nc |\/tmp\/|\/dev\/)/, 'runs something at every prompt', 0.5);
  for (const folder of pathFolders(text)) {
    if (isTemporary(folder)) signs.push({ what: 'finds programs where anybody may write', value: folder, weight: 0.5 });
    else if (isHidden(folder) && folder.startsWith('/') && !/^\/(?:home|root)\//.test(folder)) {
      signs.push({ what: 'finds programs in a hidden folder', value: folder, weight: 0.35 });
    }
  }
  return signs;
}

function pathFolders(text: string): string[] {
  return [...text.matchAll(/\bPATH=["']?(?<value>[^"'\s;]{1,2000})/g)]
    .flatMap((hit) => (hit.groups?.['value'] ?? '').split(':'))
    .filter((part) => part.startsWith('/'));
}
