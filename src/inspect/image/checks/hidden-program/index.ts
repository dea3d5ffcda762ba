import { defineCheck } from '../../check.ts';
import { malwareFaults } from '../_shared/file-faults.ts';
import { docs } from '../_shared/references.ts';

export const check = defineCheck({
  id: 'hidden-program',
  title: 'program where no programs belong',
  severity: 'medium',
  why: 'Folders for files in passing and hidden names are where intruders put their tools.',
  fix: 'find out what put it there, and take it out',
  vanishes: 'it stood where programs stand',
  references: docs('https://attack.mitre.org/techniques/T1564/001/'),
  guide: ['C10', 'C13'],
  attack: ['T1564.001'],
  file: (file) => malwareFaults(file, 'hidden-program'),
});
