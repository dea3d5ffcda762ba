import { defineCheck } from '../../check.ts';
import { docs } from '../_shared/references.ts';

export const check = defineCheck({
  id: 'preloaded-library',
  title: 'library that is put before every program',
  severity: 'high',
  why: 'What stands in /etc/ld.so.preload sees and changes what every program does: rootkits hide that way.',
  fix: 'find out which package wants it; without one, do not run the image',
  vanishes: '/etc/ld.so.preload were empty',
  references: docs('https://attack.mitre.org/techniques/T1574/006/'),
  guide: ['C13', 'B11'],
  attack: ['T1574.006'],
  *image({ at, files }) {
    for (const { path, text } of files?.entryPoints ?? []) {
      if (path === '/etc/ld.so.preload') {
        yield {
          at: { path: `${at.path}!${path}`, line: 1 },
          what: `loads ${text.trim().split('\n')[0] ?? ''} before every program`,
        };
      }
    }
  },
});
