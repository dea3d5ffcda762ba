import type { FileTree } from '../../../tree/tree.ts';
import { filesAt, filesIn, plainLines, readLines } from '../../locations.ts';
import { defineTechnique, type PersistenceItem } from '../../technique.ts';

export const technique = defineTechnique({
  id: 'syslog',
  title: 'Programs that log daemons start',
  description:
    'Programs that rsyslog, syslog-ng and auditd start for messages: a message that anybody can send is then a trigger.',
  places: [
    '/etc/rsyslog.conf',
    '/etc/rsyslog.d/*',
    '/etc/syslog-ng/**',
    '/etc/audit/plugins.d/*',
    '/etc/audit/auditd.conf',
    '/etc/audisp/plugins.d/*',
  ],
  attack: ['T1546'],
  guide: ['B11'],
  references: ['https://www.rsyslog.com/doc/configuration/modules/omprog.html'],
  *find({ tree }) {
    yield* logDaemons(tree);
    yield* auditDaemon(tree);
  },
});

/** A program of rsyslog's omprog or `^`, and of syslog-ng's `program()`. */
const daemonPatterns: readonly RegExp[] = [
  /\bbinary\s*=\s*"(?<command>[^"]+)"/,
  /(?:^|\s)\^(?<command>\/[^\s;]+)/,
  /\bprogram\s*\(\s*"(?<command>[^"]+)"/,
];

function* logDaemons(tree: FileTree): Generator<PersistenceItem> {
  const files = [
    ...filesAt(tree, ['/etc/rsyslog.conf', '/etc/syslog-ng/syslog-ng.conf', '/etc/syslog.conf']),
    ...filesIn(tree, ['/etc/rsyslog.d', '/etc/syslog-ng/conf.d']),
  ];
  for (const { path } of files) {
    for (const { line, text } of plainLines(readLines(tree, path))) {
      const command = daemonPatterns
        .map((pattern) => pattern.exec(text)?.groups?.['command'])
        .find((one) => one !== undefined);
      if (command === undefined) continue;
      yield {
        path,
        line,
        title: 'program that the log daemon starts',
        runs: command,
        unowned: 0.3,
        signs: [{ what: 'is started by log messages', value: text.slice(0, 120), weight: 0.3 }],
      };
    }
  }
}

const auditPattern = /^(?:\w+_action\s*=\s*exec\s+|dispatcher\s*=\s*(?!\/s?bin\/audispd\b))(?<command>\/\S.*)$/i;

function* auditDaemon(tree: FileTree): Generator<PersistenceItem> {
  const title = 'program that auditd starts';
  for (const { path } of filesAt(tree, ['/etc/audit/auditd.conf'])) {
    for (const { line, text } of plainLines(readLines(tree, path))) {
      const command = auditPattern.exec(text)?.groups?.['command'];
      if (command === undefined) continue;
      const sign = { what: 'is started by auditd', value: text, weight: 0.2 };
      yield { path, line, title, runs: command, user: 'root', unowned: 0.1, signs: [sign] };
    }
  }
  for (const { path } of filesIn(tree, ['/etc/audit/plugins.d', '/etc/audisp/plugins.d'])) {
    const text = readLines(tree, path);
    const program = /^path\s*=\s*(?<program>\/\S+)/m.exec(text)?.groups?.['program'];
    if (program !== undefined && /^active\s*=\s*yes/m.test(text)) {
      yield { path, title, targets: [program], unowned: 0.3 };
    }
  }
}
