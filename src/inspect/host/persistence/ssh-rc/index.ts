import { filesAt, readText } from '../../locations.ts';
import { defineTechnique } from '../../technique.ts';

export const technique = defineTechnique({
  id: 'ssh-rc',
  title: 'Commands at each SSH login',
  description:
    'sshd runs `/etc/ssh/sshrc` or `~/.ssh/rc` at every login, and takes variables from `~/.ssh/environment`. They are hardly ever used: being there speaks for itself.',
  places: ['/etc/ssh/sshrc', '~/.ssh/rc', '~/.ssh/environment'],
  attack: ['T1098.004'],
  guide: ['B11'],
  references: ['https://man.openbsd.org/sshd#SSHRC'],
  *find({ tree, accounts }) {
    for (const { path } of filesAt(tree, ['/etc/ssh/sshrc'])) {
      yield { path, title: 'commands at each SSH login', runs: readText(tree, path), unowned: 0.5 };
    }
    for (const [home, [account]] of accounts.homes()) {
      for (const { path } of filesAt(tree, [`${home}/.ssh/rc`, `${home}/.ssh/environment`])) {
        const isCommands = path.endsWith('/rc');
        yield {
          path,
          title: isCommands ? 'commands at each SSH login' : 'variables of SSH logins',
          runs: readText(tree, path),
          user: account?.name ?? '',
          unowned: isCommands ? 0.5 : 0.25,
        };
      }
    }
  },
});
