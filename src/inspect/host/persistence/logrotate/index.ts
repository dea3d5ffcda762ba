import { filesAt, filesIn, readText } from '../../locations.ts';
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
      const text = readText(tree, path);
      for (const { groups, index } of text.matchAll(blockPattern)) {
        const line = text.slice(0, index).split('\n').length;
        yield {
          path,
          line,
          title: 'script that runs when logs are rotated',
          runs: groups?.['commands'] ?? '',
          unowned: 0.25,
          signs: [{ what: 'is run by root', value: groups?.['kind'] ?? '', weight: 0.05 }],
        };
      }
      const program = /^[ \t]*(?:compresscmd|uncompresscmd)[ \t]+(?<program>\S+)/m.exec(text)?.groups?.['program'];
      if (program !== undefined) yield { path, title: 'program that logrotate runs', runs: program, unowned: 0.2 };
    }
  },
});
