import { defineCheck, type Fault } from '../../check.ts';
import { cwe } from '../_shared/references.ts';
import { runCommands, type RunCommand } from '../_shared/run-commands.ts';

export const check = defineCheck({
  id: 'known-password',
  title: 'account with a password that everybody can read',
  severity: 'critical',
  why: 'Every container of this image has the same account, and its password stands in the history of the image.',
  fix: 'set no password (`passwd -l`, `--disabled-password`)',
  vanishes: 'the account had no password that stands there',
  references: cwe(798),
  guide: ['C03', 'C04'],
  attack: ['T1078.001', 'T1552.001'],
  *build(build) {
    for (const command of runCommands(build)) {
      const fault = passwordIn(command);
      if (fault !== undefined) yield { ...fault, at: command.instruction.at };
    }
  },
});

function passwordIn(command: RunCommand): Omit<Fault, 'at'> | undefined {
  switch (command.program) {
    case 'chpasswd':
      return pairOfChpasswd(command);
    case 'passwd':
      return passwordOfPasswd(command);
    case 'useradd':
    case 'usermod':
      return passwordOfUseradd(command);
    default:
      return undefined;
  }
}

/** `echo root:toor | chpasswd`, `chpasswd <<< root:toor`. */
function pairOfChpasswd({ words, from }: RunCommand): Omit<Fault, 'at'> | undefined {
  const given = [...(from?.words.slice(1) ?? []), ...words].join('\n');
  const user = /(?:^|[\s\\n])(?<user>[a-z_][\w-]*):[^\s:$][^\s:]*/.exec(given)?.groups?.['user'];
  return user === undefined ? undefined : { what: `sets the password of ${user} to one that is written there` };
}

function passwordOfPasswd({ words, from }: RunCommand): Omit<Fault, 'at'> | undefined {
  const user = words.at(-1) ?? '';
  if (words.some((word) => word === '-d' || word === '--delete')) return { what: `takes the password of ${user} away` };
  const isGiven =
    from?.words.slice(1).some((word) => !isNotThere(word) && !word.startsWith('-')) === true && !words.includes('-l');
  return isGiven ? { what: `sets a password of ${user} that is written there` } : undefined;
}

function passwordOfUseradd({ words }: RunCommand): Omit<Fault, 'at'> | undefined {
  const at = words.findIndex((word) => word === '-p' || word === '--password');
  if (at === -1) return undefined;
  const given = words.slice(at + 1).join(' ');
  const isEmpty = (words[at + 1] ?? '') === '';
  if (!isEmpty && isNotThere(given)) return undefined;
  return { what: `makes an account with ${isEmpty ? 'an empty password' : 'a password that is written there'}` };
}

/** What locks an account, is known only to who builds, or is drawn at random. */
function isNotThere(value: string): boolean {
  if (/^(?:[!*]|\$\{?\w)/.test(value)) return true;
  return (
    /^(?:\$\(|`)/.test(value) && /\/dev\/u?random|\brand(?:om)?\b|\bpwgen\b|\bmakepasswd\b|\buuidgen\b/.test(value)
  );
}
