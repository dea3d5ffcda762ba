import { filesAt, filesIn, plainLines, readLines } from '../../locations.ts';
import { defineTechnique, type HostContext, type PersistenceItem } from '../../technique.ts';

export const technique = defineTechnique({
  id: 'ssh-rc',
  title: 'Commands at each SSH login',
  description:
    'sshd runs `/etc/ssh/sshrc` or `~/.ssh/rc` at every login, and takes variables from `~/.ssh/environment`. They are hardly ever used: being there speaks for itself. And commands that the client runs by its own settings, which count by what they run.',
  places: [
    '/etc/ssh/sshrc',
    '~/.ssh/rc',
    '~/.ssh/environment',
    '/etc/ssh/ssh_config',
    '/etc/ssh/ssh_config.d/*',
    '~/.ssh/config',
  ],
  attack: ['T1098.004'],
  guide: ['B11'],
  references: ['https://man.openbsd.org/sshd#SSHRC', 'https://man.openbsd.org/ssh_config'],
  *find(context) {
    const { tree, accounts } = context;
    for (const { path } of filesAt(tree, ['/etc/ssh/sshrc'])) {
      yield { path, title: 'commands at each SSH login', runs: readLines(tree, path), unowned: 0.5 };
    }
    for (const [home, [account]] of accounts.homes()) {
      for (const { path } of filesAt(tree, [`${home}/.ssh/rc`, `${home}/.ssh/environment`])) {
        const isCommands = path.endsWith('/rc');
        yield {
          path,
          title: isCommands ? 'commands at each SSH login' : 'variables of SSH logins',
          runs: readLines(tree, path),
          user: account?.name ?? '',
          unowned: isCommands ? 0.5 : 0.25,
        };
      }
    }
    yield* clientCommands(context);
  },
});

/** Settings of the client that run a command or load a library. */
const commandPattern =
  /^(?:ProxyCommand|LocalCommand|KnownHostsCommand|PKCS11Provider|SecurityKeyProvider)[\s=]+(?<command>.+)$/i;
const conditionPattern = /^Match\s.{0,400}?\bexec[\s=]+"?(?<command>[^"]+)/i;

function* clientCommands({ tree, accounts }: HostContext): Generator<PersistenceItem> {
  const homes = [...accounts.homes().keys()].map((home) => `${home}/.ssh/config`);
  const files = [...filesAt(tree, ['/etc/ssh/ssh_config', ...homes]), ...filesIn(tree, ['/etc/ssh/ssh_config.d'])];
  for (const { path } of files) {
    for (const { line, text } of plainLines(readLines(tree, path))) {
      const command = (commandPattern.exec(text) ?? conditionPattern.exec(text))?.groups?.['command'] ?? '';
      if (command === '' || /^(?:none|internal)$/.test(command)) continue;
      yield {
        path,
        line,
        title: 'command of the SSH client',
        runs: command,
        user: accounts.atHome(path)?.name ?? 'everybody',
        unowned: 0,
        signs: [{ what: 'is run whenever somebody connects', value: text, weight: 0.15 }],
      };
    }
  }
}
