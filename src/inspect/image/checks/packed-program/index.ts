import { defineCheck } from '../../check.ts';
import { malwareFaults } from '../_shared/file-faults.ts';
import { docs } from '../_shared/references.ts';

export const check = defineCheck({
  id: 'packed-program',
  title: 'program that was packed to hide what is in it',
  severity: 'medium',
  why: 'Packing hides strings from scanners; malware for Linux is packed more often than not.',
  fix: 'unpack a copy (upx -d) and look at it, or take the program from a package',
  vanishes: 'the program were not packed',
  references: docs('https://attack.mitre.org/techniques/T1027/002/'),
  guide: ['C10', 'C13'],
  attack: ['T1027.002'],
  file: (file) => malwareFaults(file, 'packed-program'),
});
