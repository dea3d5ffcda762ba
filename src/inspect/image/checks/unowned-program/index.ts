import { defineCheck } from '../../check.ts';
import { docs } from '../_shared/references.ts';

export const check = defineCheck({
  id: 'unowned-program',
  title: 'program of the system that no package brought',
  severity: 'low',
  why: 'In the folders of the distribution only its packages put programs: another one was copied in, by the build or by an intruder, and no scanner of packages sees it.',
  fix: 'put programs of your own into /usr/local or /opt, and look where this one came from',
  vanishes: 'a package owned it, or it stood elsewhere',
  references: docs('https://attack.mitre.org/techniques/T1036/005/'),
  guide: ['C13', 'C25', 'B09'],
  attack: ['T1036.005', 'T1525'],
  *image({ at, files }) {
    for (const { path, layer } of files?.ownership?.unowned ?? []) {
      const where = layer === undefined ? '' : `, in layer ${layer}`;
      yield { at: { path: `${at.path}!${path}` }, what: `has ${path}, which no package brought${where}` };
    }
  },
});
