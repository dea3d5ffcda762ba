import { isService, type Account } from '../../accounts.ts';
import { filesAt, plainLines, readLines } from '../../locations.ts';
import { defineTechnique, type HostContext, type PersistenceItem, type Sign } from '../../technique.ts';

const hostFiles = ['/etc/hosts.equiv', '/etc/shosts.equiv', '/etc/ssh/shosts.equiv'];
const homeFiles = ['.rhosts', '.shosts'];
const principalFiles = ['.k5login', '.k5users'];
const wrapperFiles = ['/etc/hosts.allow', '/etc/hosts.deny'];
/** hosts_options(5): `spawn` runs beside the service, `twist` stands in for it with the connection as its input and output. */
const wrapperPattern = /:\s{0,10}(?<word>spawn|twist|aclexec)\s{1,10}\(?(?<command>[^\n]{1,2000})/;
const shellPattern = /^(?:\/\S{0,100}\/)?(?:(?:ba|da|z|k|a|c)?sh|busybox\s+\w*sh|python[\d.]*|perl)(?:\s|$)/;

export const technique = defineTechnique({
  id: 'remote-trust',
  title: 'Machines and names that are let in without a password',
  description:
    'Lists of machines and accounts that rlogin, rsh, sshd and Kerberos let in as they say they are, and commands that TCP wrappers run when somebody connects. A plus sign lets in everybody.',
  places: [
    '/etc/hosts.equiv',
    '/etc/ssh/shosts.equiv',
    '~/.rhosts',
    '~/.shosts',
    '~/.k5login',
    '~/.k5users',
    '/etc/hosts.allow',
    '/etc/hosts.deny',
  ],
  attack: ['T1098', 'T1546'],
  guide: ['B09', 'B11'],
  references: [
    'https://man7.org/linux/man-pages/man5/hosts.equiv.5.html',
    'https://web.mit.edu/kerberos/krb5-latest/doc/user/user_config/k5login.html',
    'https://linux.die.net/man/5/hosts_options',
  ],
  *find(context) {
    for (const { path } of filesAt(context.tree, hostFiles)) yield* trusted(context, path, undefined);
    for (const [home, [account]] of context.accounts.homes()) {
      if (account === undefined) continue;
      const below = (names: readonly string[]): string[] => names.map((name) => `${home}/${name}`);
      for (const { path } of filesAt(context.tree, below(homeFiles))) yield* trusted(context, path, account);
      for (const { path } of filesAt(context.tree, below(principalFiles))) yield* principals(context, path, account);
    }
    yield* wrapped(context);
  },
});

function* trusted({ tree }: HostContext, path: string, account: Account | undefined): Generator<PersistenceItem> {
  for (const { line, text } of plainLines(readLines(tree, path))) {
    const [machine = ''] = text.split(/\s+/);
    if (machine.startsWith('-')) continue;
    const isEverybody = machine === '+' || /\s\+$/.test(text);
    const weight = account?.uid === 0 || (account !== undefined && isService(account)) ? 0.55 : 0.3;
    const sign: Sign = isEverybody
      ? { what: 'lets everybody in without a password', value: text, weight: 0.8 }
      : { what: 'lets a machine in without a password', value: text, weight };
    yield {
      path,
      line,
      title: 'machine that is trusted',
      user: account?.name ?? 'everybody',
      unowned: 0.1,
      signs: [sign],
    };
  }
}

/** Administrators name themselves for root; that a service's account has such a list is odd. */
function* principals({ tree }: HostContext, path: string, account: Account): Generator<PersistenceItem> {
  for (const { line, text } of plainLines(readLines(tree, path))) {
    const [principal = ''] = text.split(/\s+/);
    if (principal.split(/[@/]/)[0] === account.name) continue;
    const weight = isService(account) ? 0.6 : 0.2;
    yield {
      path,
      line,
      title: 'name of Kerberos that may log in',
      user: account.name,
      unowned: 0.05,
      signs: [{ what: 'lets in another name than its own', value: text, weight }],
    };
  }
}

function* wrapped({ tree }: HostContext): Generator<PersistenceItem> {
  for (const { path } of filesAt(tree, wrapperFiles)) {
    for (const { line, text } of plainLines(readLines(tree, path).replaceAll(/\\\n/g, ' '))) {
      const { word = '', command = '' } = wrapperPattern.exec(text)?.groups ?? {};
      if (command === '') continue;
      const isShell = word === 'twist' && shellPattern.test(command);
      const sign: Sign = isShell
        ? { what: 'gives a shell to whoever connects', value: text, weight: 0.75 }
        : { what: 'runs a command when somebody connects', value: text, weight: word === 'twist' ? 0.35 : 0.25 };
      yield {
        path,
        line,
        title: 'command of TCP wrappers',
        runs: command,
        user: 'root',
        unowned: 0.1,
        signs: [sign],
      };
    }
  }
}
