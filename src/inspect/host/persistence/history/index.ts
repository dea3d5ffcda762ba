import type { FileTree } from '../../../tree/tree.ts';
import type { Accounts } from '../../accounts.ts';
import { plainLines, readLines } from '../../locations.ts';
import { shellFiles } from '../../shell-files.ts';
import { defineTechnique, type PersistenceItem } from '../../technique.ts';

const names = [
  '.bash_history',
  '.sh_history',
  '.ash_history',
  '.zsh_history',
  '.history',
  '.local/share/fish/fish_history',
  '.python_history',
  '.mysql_history',
  '.psql_history',
];

export const technique = defineTechnique({
  id: 'history',
  title: 'Shell history that is switched off',
  description:
    'Histories of shells that are links to /dev/null, folders, or devices, and start files of shells that switch them off, so that nothing is kept of what somebody did.',
  places: ['~/.bash_history', '~/.zsh_history and their like', 'start files of shells'],
  attack: ['T1070.003'],
  guide: ['B01'],
  references: ['https://attack.mitre.org/techniques/T1070/003/'],
  *find({ tree, accounts }) {
    for (const [home, [account]] of accounts.homes()) {
      for (const name of names) {
        const path = `${home}/${name}`;
        const entry = tree.lstat(path);
        if (entry === undefined || entry.type === 'file') continue;
        const leads = entry.target ?? entry.type;
        if (entry.target !== '/dev/null' && tree.stat(path)?.type === 'file') continue;
        yield {
          path,
          title: 'shell history',
          user: account?.name ?? '',
          unowned: 0,
          isJudgedAnyway: true,
          signs: [{ what: 'keeps nothing', value: leads, weight: 0.5 }],
        };
      }
    }
    yield* switchedOff(tree, accounts);
  },
});

const offPattern =
  /(?:^|[\s;])(?:(?:export|declare|typeset)\s+(?:-\S+\s+)?)?(?:HISTFILE=(?:\/dev\/null|["']{2}|(?=[\s;]|$))|HIST(?:FILE)?SIZE=["']?0\b|SAVEHIST=["']?0\b|unset\s+HISTFILE\b|set\s+\+o\s+history\b)/;

function* switchedOff(tree: FileTree, accounts: Accounts): Generator<PersistenceItem> {
  for (const { path, account } of shellFiles(tree, accounts)) {
    for (const { line, text } of plainLines(readLines(tree, path))) {
      if (!offPattern.test(text)) continue;
      yield {
        path,
        line,
        title: 'start file of a shell',
        user: account?.name ?? 'everybody',
        unowned: 0,
        signs: [{ what: 'keeps no history', value: text.slice(0, 120), weight: 0.5 }],
      };
    }
  }
}
