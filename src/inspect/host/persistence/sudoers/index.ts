import { isService, type Accounts } from '../../accounts.ts';
import { filesAt, filesIn, plainLines, readText } from '../../locations.ts';
import { shellEscapes } from '../../shell-escapes.ts';
import { baseName } from '../../content/programs.ts';
import { defineTechnique, type PersistenceItem, type Sign } from '../../technique.ts';

const maxIncludes = 64;
/** `permit [options] who …` (doas.conf(5)). */
const doasPattern = /^permit\s+(?:(?:nopass|nolog|persist|keepenv|setenv\s*\{[^}]*\})\s+)*(?<who>[:\w.-]+)/;

export const technique = defineTechnique({
  id: 'sudoers',
  title: 'Rights of sudo and doas',
  description:
    'Who may run what as whom: everything without a password, accounts of services, programs that give a shell, variables that load code, and settings that switch the password off.',
  places: ['/etc/sudoers', '/etc/sudoers.d/*', '/etc/doas.conf', '/etc/doas.d/*'],
  attack: ['T1548.003'],
  guide: ['B11'],
  references: ['https://www.sudo.ws/docs/man/sudoers.man/', 'https://attack.mitre.org/techniques/T1548/003/'],
  *find({ tree, accounts }) {
    const files = ['/etc/sudoers', ...[...filesIn(tree, ['/etc/sudoers.d'], isRead)].map(({ path }) => path)];
    for (const path of files) {
      for (const { line, text } of plainLines(joined(readText(tree, path)))) {
        const include = /^[@#]include(?<dir>dir)?\s+(?<path>\S+)/.exec(text)?.groups;
        if (include !== undefined && files.length < maxIncludes) {
          const more =
            include['dir'] === undefined
              ? [include['path'] ?? '']
              : [...filesIn(tree, [include['path'] ?? ''], isRead)].map((entry) => entry.path);
          files.push(...more.filter((one) => !files.includes(one)));
        } else yield* itemOf(path, line, text, accounts);
      }
    }
    for (const { path } of [
      ...filesAt(tree, ['/etc/doas.conf']),
      ...filesIn(tree, ['/etc/doas.d'], (name) => name.endsWith('.conf')),
    ]) {
      for (const { line, text } of plainLines(readText(tree, path))) {
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

/** sudo passes over names with a dot or a tilde at the end. */
function isRead(name: string): boolean {
  return !name.includes('.') && !name.endsWith('~');
}

function joined(text: string): string {
  // The line feed is kept, so that lines keep their numbers.
  return text.replaceAll(/\\\n/g, ' ').replaceAll(/^#(?=include)/gm, '@');
}

function* itemOf(path: string, line: number, text: string, accounts: Accounts): Generator<PersistenceItem> {
  const defaults = /^Defaults(?:[@:!>]\S+)?\s+(?<settings>.+)$/.exec(text)?.groups?.['settings'];
  if (defaults !== undefined) {
    const signs = defaultSigns(defaults);
    if (signs.length > 0) yield { path, line, title: 'setting of sudo', unowned: 0.2, signs };
    return;
  }
  if (/^(?:User|Runas|Host|Cmnd|Cmd)_Alias\b/.test(text)) return;
  const { who = '', rights = '' } = /^(?<who>.+?)\s+[^\s=]+\s*=\s*(?<rights>.+)$/.exec(text)?.groups ?? {};
  if (rights === '') return;
  // What everybody has: root and the group of administrators, with a password.
  const isUsual = /^(?:root|%sudo|%wheel|%admin)$/.test(who) && !rights.includes('NOPASSWD');
  if (isUsual) return;
  yield {
    path,
    line,
    title: 'right of sudo',
    user: who,
    unowned: 0.2,
    changed: 0.5,
    signs: [...rightSigns(rights), ...whoSigns(who, accounts)],
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

function rightSigns(rights: string): Sign[] {
  const isFree = /\bNOPASSWD\b/.test(rights);
  const commands = rights
    .replaceAll(/\([^)]*\)|\b[A-Z_]+:/g, ' ')
    .split(',')
    .map((part) => part.trim());
  const signs: Sign[] = [];
  if (commands.includes('ALL')) {
    signs.push(
      isFree
        ? { what: 'may do everything without a password', value: rights, weight: 0.4 }
        : { what: 'may do everything', value: rights, weight: 0.2 },
    );
  } else if (isFree) signs.push({ what: 'asks for no password', value: rights, weight: 0.1 });
  const shell = commands.find((command) => shellEscapes.has(baseName(command.split(/\s+/)[0] ?? '')));
  if (shell !== undefined) {
    signs.push({ what: 'may run a program that gives a shell', value: shell, weight: isFree ? 0.6 : 0.25 });
  }
  const target = commands.find((command) => /^\/(?:tmp|var\/tmp|dev\/shm|home)\//.test(command));
  if (target !== undefined) signs.push({ what: 'may run what others may change', value: target, weight: 0.45 });
  return signs;
}

function whoSigns(who: string, accounts: Accounts): Sign[] {
  if (who === 'ALL') return [{ what: 'is given to everybody', value: who, weight: 0.6 }];
  const account = accounts.named(who);
  return account !== undefined && isService(account)
    ? [{ what: 'is given to the account of a service', value: who, weight: 0.5 }]
    : [];
}
