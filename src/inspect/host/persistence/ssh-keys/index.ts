import { createHash } from 'node:crypto';
import type { FileTree } from '../../../tree/tree.ts';
import { canLogIn, isService, type Account } from '../../accounts.ts';
import { filesIn, plainLines, readLines } from '../../locations.ts';
import { defineTechnique, identityOf, type PersistenceItem, type Sign } from '../../technique.ts';
import { keyFileTemplates, pathOfTemplate } from './key-files.ts';

const keyPattern =
  /(?:^|\s)(?<type>ssh-(?:rsa|ed25519|dss)|ecdsa-sha2-\S+|sk-\S+@openssh\.com|cert-authority)\s+(?<blob>[A-Za-z0-9+/=]{16,20000})(?:\s+(?<comment>.*))?$/;

export const technique = defineTechnique({
  id: 'ssh-keys',
  title: 'Keys that may log in',
  description:
    "Authorized keys of every account, also where sshd's settings put them. A key is how people work and no sign by itself: what counts is an account that belongs to a service, a forced command that gives a shell, variables, and one key in several accounts.",
  places: ['~/.ssh/authorized_keys*', '/etc/ssh/authorized_keys/*', 'AuthorizedKeysFile of sshd_config'],
  attack: ['T1098.004'],
  guide: ['B11'],
  references: [
    'https://man.openbsd.org/sshd#AUTHORIZED_KEYS_FILE_FORMAT',
    'https://attack.mitre.org/techniques/T1098/004/',
  ],
  *find({ tree, accounts }) {
    const users = new Map<string, Set<string>>();
    const items: { readonly item: PersistenceItem; readonly blob: string }[] = [];
    const seen = new Set<string>();
    for (const [home, [account]] of accounts.homes()) {
      if (account === undefined) continue;
      for (const path of keyFilesOf(tree, home, account)) {
        if (seen.has(path)) continue;
        seen.add(path);
        for (const { line, text } of plainLines(readLines(tree, path))) {
          const groups = keyPattern.exec(text)?.groups;
          if (groups === undefined) continue;
          const { type = '', blob = '', comment = '' } = groups;
          const options = text.slice(0, text.indexOf(`${type} ${blob}`)).trim();
          const command = /\bcommand="(?<command>(?:[^"\\]|\\.)*)"/i.exec(options)?.groups?.['command'];
          const of = users.get(blob) ?? new Set();
          users.set(blob, of.add(account.name));
          const facts = { what: identityOf.key, value: `${type} ${fingerprintOf(blob)} ${comment}`.trim(), weight: 0 };
          items.push({
            blob,
            item: {
              path,
              line,
              title: 'key that may log in',
              user: account.name,
              unowned: 0,
              ...(command === undefined ? {} : { runs: command }),
              signs: [facts, ...signsOf(account, options, command)],
            },
          });
        }
      }
    }
    for (const { item, blob } of items) {
      const of = [...(users.get(blob) ?? [])];
      const shared = of.length > 1 ? [{ what: 'is in several accounts', value: of.join(', '), weight: 0.2 }] : [];
      yield { ...item, signs: [...(item.signs ?? []), ...shared] };
    }
  },
});

function* keyFilesOf(tree: FileTree, home: string, account: Account): Generator<string> {
  for (const template of keyFileTemplates(tree)) yield pathOfTemplate(template, home, account);
  for (const { path } of filesIn(tree, [`${home}/.ssh`], (name) => name.startsWith('authorized_keys'))) yield path;
}

function signsOf(account: Account, options: string, command: string | undefined): Sign[] {
  const signs: Sign[] = [];
  if (isService(account)) {
    const what = canLogIn(account)
      ? 'lets somebody in as the account of a service'
      : 'lets somebody in as an account that cannot log in';
    signs.push({ what, value: `${account.name} (${account.shell})`, weight: 0.55 });
  }
  if (command !== undefined && /(?:^|\/|\s)(?:ba|da|z|k)?sh(?:\s|$)|\bpython|\bperl/.test(command)) {
    signs.push({ what: 'gives a shell by a forced command', value: command, weight: 0.4 });
  }
  const variables = /\benvironment="(?<set>(?:LD_|PATH|BASH_ENV|PYTHON|PERL)[^"]*)"/i.exec(options)?.groups?.['set'];
  if (variables !== undefined) signs.push({ what: 'sets variables that load code', value: variables, weight: 0.5 });
  if (/\bcert-authority\b/i.test(options)) {
    signs.push({ what: 'trusts everything that another key signs', value: 'cert-authority', weight: 0.2 });
  }
  return signs;
}

/** As `ssh-keygen -l` prints it. */
function fingerprintOf(blob: string): string {
  return `SHA256:${createHash('sha256').update(Buffer.from(blob, 'base64')).digest('base64').replaceAll('=', '')}`;
}
