import { filesAt, filesIn, plainLines, readText } from '../../locations.ts';
import { defineTechnique } from '../../technique.ts';

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
    '/etc/audisp/plugins.d/*',
  ],
  attack: ['T1546'],
  guide: ['B11'],
  references: ['https://www.rsyslog.com/doc/configuration/modules/omprog.html'],
  *find({ tree }) {
    const files = [
      ...filesAt(tree, ['/etc/rsyslog.conf', '/etc/syslog-ng/syslog-ng.conf', '/etc/syslog.conf']),
      ...filesIn(tree, ['/etc/rsyslog.d', '/etc/syslog-ng/conf.d']),
    ];
    for (const { path } of files) {
      for (const { line, text } of plainLines(readText(tree, path))) {
        const command =
          /\bbinary\s*=\s*"(?<command>[^"]+)"/.exec(text)?.groups?.['command'] ??
          /(?:^|\s)\^(?<command>\/\S+)/.exec(text)?.groups?.['command'] ??
          /\bprogram\s*\(\s*"(?<command>[^"]+)"/.exec(text)?.groups?.['command'];
        if (command !== undefined) {
          yield {
            path,
            line,
            title: 'program that the log daemon starts',
            runs: command.split(';')[0] ?? '',
            unowned: 0.3,
            signs: [{ what: 'is started by log messages', value: text.slice(0, 120), weight: 0.3 }],
          };
        }
      }
    }
    for (const { path } of filesIn(tree, ['/etc/audit/plugins.d', '/etc/audisp/plugins.d'])) {
      const text = readText(tree, path);
      const program = /^path\s*=\s*(?<program>\/\S+)/m.exec(text)?.groups?.['program'];
      if (program !== undefined && /^active\s*=\s*yes/m.test(text)) {
        yield { path, title: 'program that auditd starts', targets: [program], unowned: 0.3 };
      }
    }
  },
});
