import { filesAt, filesIn, lineCounter, plainLines, readLines } from '../../locations.ts';
import { defineTechnique } from '../../technique.ts';

export const technique = defineTechnique({
  id: 'mail',
  title: 'Programs that mail starts',
  description:
    'Aliases, forwards, filters and transports that hand mail to a program: anybody who can send a mail can start it.',
  places: [
    '/etc/aliases',
    '~/.forward',
    '~/.procmailrc',
    '/etc/procmailrc',
    '/etc/postfix/{main,master}.cf',
    '~/.qmail',
    '/etc/exim4/**',
  ],
  attack: ['T1546'],
  guide: ['B11'],
  references: ['https://man7.org/linux/man-pages/man5/aliases.5.html'],
  *find({ tree, accounts }) {
    const homes = [...accounts.homes().keys()].flatMap((home) => [
      `${home}/.forward`,
      `${home}/.procmailrc`,
      `${home}/.mailcap`,
      `${home}/.mailfilter`,
      `${home}/.qmail`,
      `${home}/.maildroprc`,
    ]);
    const files = [
      ...filesAt(tree, ['/etc/aliases', '/etc/mail/aliases', '/etc/postfix/aliases', '/etc/procmailrc', ...homes]),
      ...filesIn(tree, ['/etc/exim4/conf.d/transport', '/etc/exim4/conf.d/router']),
    ];
    for (const { path } of files) {
      for (const { line, text } of plainLines(readLines(tree, path))) {
        const command = /(?:^|[\s:,"'])\|\s*"?(?<command>[^"]{2,4000})/.exec(text)?.groups?.['command'];
        // Mailing lists and vacation replies of packages.
        if (command === undefined || /\/(?:mailman|vacation|majordomo|procmail|dovecot|sieve)\S*/.test(command)) {
          continue;
        }
        yield {
          path,
          line,
          title: 'program that mail starts',
          runs: command,
          user: accounts.atHome(path)?.name ?? 'root',
          unowned: 0.1,
          signs: [{ what: 'hands mail to a program', value: text.slice(0, 120), weight: 0.35 }],
        };
      }
    }
    for (const { path } of filesAt(tree, ['/etc/postfix/main.cf'])) {
      for (const { line, text } of plainLines(readLines(tree, path))) {
        const command = /^mailbox_command\s*=\s*(?<command>\S.*)$/.exec(text)?.groups?.['command'];
        if (command === undefined) continue;
        yield { path, line, title: 'program that mail starts', runs: command, user: 'root', unowned: 0.05 };
      }
    }
    for (const { path } of filesAt(tree, ['/etc/postfix/master.cf'])) {
      const settings = readLines(tree, path);
      const lineAt = lineCounter(settings);
      for (const { groups, index } of settings.matchAll(/\bargv=(?<command>[^\n]{1,2000})/g)) {
        const command = groups?.['command'] ?? '';
        yield {
          path,
          line: lineAt(index),
          title: 'transport that runs a program',
          runs: command.replaceAll(/\$\{?\w+\}?/g, ''),
          unowned: 0.05,
        };
      }
    }
  },
});
