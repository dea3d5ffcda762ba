import { isService, type Accounts } from '../../accounts.ts';
import type { FileTree } from '../../../tree/tree.ts';
import { filesAt, filesIn, plainLines, readLines } from '../../locations.ts';
import { shellEscapes } from '../../shell-escapes.ts';
import { baseName } from '../../../../match/commands/programs.ts';
import { defineTechnique, type HostContext, type PersistenceItem, type Sign } from '../../technique.ts';
import { weakLink } from '../../writable.ts';
import { listOf, readPolicy, resolved, type SudoersLine, type SudoersPolicy } from './policy.ts';

/** `permit [options] who …` (doas.conf(5)). */
const doasPattern = /^permit\s+(?:(?:nopass|nolog|persist|keepenv|setenv\s*\{[^}]*\})\s+)*(?<who>[:\w.-]+)/;

export const technique = defineTechnique({
  id: 'sudoers',
  title: 'Rights of sudo and doas',
  description:
    'Who may run what as whom: everything without a password, accounts of services, programs that give a shell, variables that load code, and settings that switch the password off.',
  places: ['/etc/sudoers', '/etc/sudoers.d/*', '/etc/sudo.conf', '/etc/doas.conf', '/etc/doas.d/*'],
  attack: ['T1548.003'],
  guide: ['B11'],
  references: ['https://www.sudo.ws/docs/man/sudoers.man/', 'https://attack.mitre.org/techniques/T1548/003/'],
  *find(context) {
    const { tree, accounts } = context;
    const policy = readPolicy(tree);
    for (const statement of policy.lines) yield* itemOf(statement, policy.aliases, context);
    yield* plugins(tree);
    for (const { path } of [
      ...filesAt(tree, ['/etc/doas.conf']),
      ...filesIn(tree, ['/etc/doas.d'], (name) => name.endsWith('.conf')),
    ]) {
      for (const { line, text } of plainLines(readLines(tree, path))) {
        if (!/^permit\b/.test(text)) continue;
        const who = doasPattern.exec(text)?.groups?.['who'] ?? '';
        const signs = [
          ...(text.includes('nopass') ? [{ what: 'asks for no password', value: text, weight: 0.4 }] : []),
          ...whoSigns(who, accounts),
        ];
        yield { path, line, title: 'right of doas', user: who, unowned: 0.15, signs };
      }
    }
  },
});

/** Lines of sudo.conf(5) that load code or start a program. */
function* plugins(tree: FileTree): Generator<PersistenceItem> {
  for (const { path } of filesAt(tree, ['/etc/sudo.conf'])) {
    for (const { line, text } of plainLines(readLines(tree, path))) {
      const target = /^(?:Plugin\s+\S+|Path\s+\S+)\s+(?<target>\/?[\w./+-]+)/.exec(text)?.groups?.['target'];
      if (
        target === undefined ||
        /^(?:\/usr\/(?:lib|libexec)\/sudo\/)?(?:sudoers|group_file|system_group|audit_json)\.so$/.test(target)
      ) {
        continue;
      }
      const sign = { what: 'loads other code into sudo', value: text, weight: 0.5 };
      yield { path, line, title: 'setting of sudo', targets: [target], user: 'root', unowned: 0.1, signs: [sign] };
    }
  }
}

function* itemOf(
  { path, line, text }: SudoersLine,
  aliases: SudoersPolicy['aliases'],
  { tree, accounts }: HostContext,
): Generator<PersistenceItem> {
  const defaults = /^Defaults(?:[@:!>]\S+)?\s+(?<settings>.+)$/.exec(text)?.groups?.['settings'];
  if (defaults !== undefined) {
    const signs = defaultSigns(defaults);
    if (signs.length > 0) yield { path, line, title: 'setting of sudo', unowned: 0.2, signs };
    return;
  }
  const { who = '', rights = '' } = /^(?<who>.+?)\s+[^\s=]+\s*=\s*(?<rights>.+)$/.exec(text)?.groups ?? {};
  if (rights === '') return;
  // What everybody has: root and the group of administrators, with a password.
  const isUsual = /^(?:root|%sudo|%wheel|%admin)$/.test(who) && !rights.includes('NOPASSWD');
  if (isUsual) return;
  const commands = resolved(listOf(rights.replaceAll(/\([^)]*\)|\b[A-Z_]+:/g, ' ')), aliases);
  const targets = commands.map((command) => command.split(/\s+/)[0] ?? '').filter((target) => target.startsWith('/'));
  const weak = targets.map((target) => weakLink(target, tree, accounts)).find((sign) => sign !== undefined);
  yield {
    path,
    line,
    title: 'right of sudo',
    user: who,
    unowned: 0.2,
    changed: 0.5,
    signs: [
      ...rightSigns(rights, commands),
      ...(weak === undefined ? [] : [weak]),
      ...resolved(listOf(who), aliases).flatMap((name) => whoSigns(name, accounts)),
    ],
  };
}

function defaultSigns(settings: string): Sign[] {
  const signs: Sign[] = [];
  if (/(?:^|,\s*)!authenticate\b/.test(settings)) {
    signs.push({ what: 'asks nobody for a password', value: settings, weight: 0.65 });
  }
  if (/\btimestamp_timeout\s*=\s*-/.test(settings)) {
    signs.push({ what: 'never asks for the password again', value: settings, weight: 0.4 });
  }
  if (/\benv_keep\b.*\b(?:LD_PRELOAD|LD_LIBRARY_PATH|BASH_ENV|PYTHONPATH|PERL5LIB|PERL5OPT)\b/.test(settings)) {
    signs.push({ what: 'lets variables through that load code', value: settings, weight: 0.65 });
  }
  if (/(?:^|,\s*)!(?:tty_tickets|log_\w+|syslog|logfile)\b/.test(settings)) {
    signs.push({ what: 'writes less down', value: settings, weight: 0.25 });
  }
  if (/\bsecure_path\s*=.*(?:\/tmp|\/dev\/shm|\/home\/|:\.)/.test(settings)) {
    signs.push({ what: 'finds programs where others may write', value: settings, weight: 0.5 });
  }
  return signs;
}

function rightSigns(rights: string, commands: readonly string[]): Sign[] {
  const isFree = /\bNOPASSWD\b/.test(rights);
  const signs: Sign[] = [];
  if (commands.includes('ALL')) {
    signs.push(
      isFree
        ? { what: 'may do everything without a password', value: rights, weight: 0.4 }
        : { what: 'may do everything', value: rights, weight: 0.2 },
    );
  } else if (isFree) signs.push({ what: 'asks for no password', value: rights, weight: 0.1 });
  const shell = commands.find(givesShell);
  if (shell !== undefined) {
    signs.push({ what: 'may run a program that gives a shell', value: shell, weight: isFree ? 0.6 : 0.25 });
  }
  const target = commands.find((command) => /^\/(?:tmp|var\/tmp|dev\/shm|home)\//.test(command));
  if (target !== undefined) signs.push({ what: 'may run what others may change', value: target, weight: 0.45 });
  return signs;
}

/** They take commands from whoever sits before them, whatever they were started with. */
const interactive: ReadonlySet<string> = new Set([
  'vi', 'vim', 'vimdiff', 'view', 'rvim', 'nvim', 'nano', 'pico', 'emacs', 'ed', 'ex', 'joe', 'less', 'more', 'man', 'most', 'pg',
]); // prettier-ignore

/** Arguments in a right are all that may be given (sudoers(5)), unless they hold a wildcard. */
function givesShell(command: string): boolean {
  const [program = '', ...words] = command.split(/\s+/);
  const name = baseName(program);
  const isFixed = words.length > 0 && !words.some((word) => /[*?[]/.test(word));
  return shellEscapes.has(name) && (!isFixed || interactive.has(name));
}

/** An account, `#` and its number, or a group: of a group the account that has it for its own, or is its only member. */
function whoSigns(who: string, accounts: Accounts): Sign[] {
  if (who === 'ALL') return [{ what: 'is given to everybody', value: who, weight: 0.6 }];
  const [, sign = '', name = ''] = /^(?<sign>%?#?)(?<name>.*)$/.exec(who) ?? [];
  const account = sign.endsWith('#') ? accounts.withUid(Number(name)) : accounts.named(name);
  if (account === undefined || !isService(account)) return [];
  // Groups of administrators have the names of accounts in some systems.
  if (sign.startsWith('%') && /^(?:sudo|wheel|admin|adm)$/.test(account.name)) return [];
  return [{ what: 'is given to the account of a service', value: who, weight: 0.5 }];
}
