import { filesAt, filesIn, lineCounter, readLines } from '../../locations.ts';
import { defineTechnique } from '../../technique.ts';

const blockPattern =
  /^[ \t]*(?<kind>prerotate|postrotate|firstaction|lastaction|preremove)\b[^\n]*\n(?<commands>(?:(?![ \t]*endscript\b)[^\n]*\n){0,500})/gm;

export const technique = defineTechnique({
  id: 'logrotate',
  title: 'Scripts of logrotate',
  description: 'Commands that root runs whenever logs are rotated, and own programs for compressing and mailing them.',
  places: ['/etc/logrotate.conf', '/etc/logrotate.d/*'],
  attack: ['T1546'],
  guide: ['B10'],
  references: ['https://man7.org/linux/man-pages/man8/logrotate.8.html'],
  *find({ tree }) {
    for (const { path } of [...filesAt(tree, ['/etc/logrotate.conf']), ...filesIn(tree, ['/etc/logrotate.d'])]) {
      const text = readLines(tree, path);
      const lineAt = lineCounter(text);
      for (const { groups, index } of text.matchAll(blockPattern)) {
        const line = lineAt(index);
        yield {
          path,
          line,
          title: 'script that runs when logs are rotated',
          runs: groups?.['commands'] ?? '',
          unowned: 0.25,
          signs: [{ what: 'is run by root', value: groups?.['kind'] ?? '', weight: 0.05 }],
        };
      }
      const included = /^[ \t]*include[ \t]+(?<path>\/(?!etc\/logrotate\.d\b)\S+)/m.exec(text)?.groups?.['path'];
      if (included !== undefined) {
        const sign = { what: 'takes settings from elsewhere', value: included, weight: 0.2 };
        yield { path, title: 'settings of logrotate', targets: [included], user: 'root', unowned: 0.05, signs: [sign] };
      }
      const program = /^[ \t]*(?:compresscmd|uncompresscmd)[ \t]+(?<program>\S+)/m.exec(text)?.groups?.['program'];
      if (program !== undefined) yield { path, title: 'program that logrotate runs', runs: program, unowned: 0.2 };
    }
  },
});
