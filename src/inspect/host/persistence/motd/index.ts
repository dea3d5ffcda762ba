import { filesIn, isExecutable, readLines } from '../../locations.ts';
import { defineTechnique } from '../../technique.ts';

const folders = ['/etc/update-motd.d', '/usr/lib/update-motd.d', '/etc/motd.d'];

export const technique = defineTechnique({
  id: 'motd',
  title: 'Scripts behind the message of the day',
  description: 'Scripts that pam_motd runs as root at every login to write its message.',
  places: ['/etc/update-motd.d/*'],
  attack: ['T1546'],
  guide: ['B11'],
  references: ['https://manpages.ubuntu.com/manpages/noble/man5/update-motd.5.html'],
  *find({ tree }) {
    for (const { path } of filesIn(tree, folders)) {
      if (!isExecutable(tree, path)) continue;
      yield { path, title: 'script that root runs at every login', runs: readLines(tree, path), unowned: 0.5 };
    }
  },
});
