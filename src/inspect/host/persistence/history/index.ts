import { defineTechnique } from '../../technique.ts';

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
    'Histories of shells that are links to /dev/null, folders, or devices, so that nothing is kept of what somebody did.',
  places: ['~/.bash_history', '~/.zsh_history and their like'],
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
  },
});
