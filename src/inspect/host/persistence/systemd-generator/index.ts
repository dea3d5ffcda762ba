import { filesIn, isExecutable, isMasked, readLines } from '../../locations.ts';
import { defineTechnique } from '../../technique.ts';

const kinds = [
  'system-generators',
  'user-generators',
  'system-environment-generators',
  'user-environment-generators',
  'system-shutdown',
  'system-sleep',
];
const roots = ['/etc/systemd', '/run/systemd', '/usr/local/lib/systemd', '/usr/lib/systemd', '/lib/systemd'];

export const technique = defineTechnique({
  id: 'systemd-generator',
  title: 'Programs that systemd runs by itself',
  description:
    'Generators, which systemd runs as root before any unit, and the programs that it runs at shutdown and sleep. Hardly anybody writes one by hand: one without a package is suspicious by itself.',
  places: roots
    .flatMap((root) => kinds.map((kind) => `${root}/${kind}/*`))
    .filter((place) => !place.startsWith('/lib')),
  attack: ['T1543.002'],
  guide: ['B11'],
  references: [
    'https://www.freedesktop.org/software/systemd/man/latest/systemd.generator.html',
    'https://attack.mitre.org/techniques/T1543/002/',
  ],
  *find({ tree }) {
    const folders = roots.flatMap((root) => kinds.map((kind) => `${root}/${kind}`));
    for (const entry of filesIn(tree, folders)) {
      if (isMasked(entry) || !isExecutable(tree, entry.path)) continue;
      yield {
        path: entry.path,
        title: 'program that systemd runs by itself',
        runs: readLines(tree, entry.path),
        unowned: 0.7,
        changed: 0.7,
      };
    }
  },
});
