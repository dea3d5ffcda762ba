import { defineCheck } from '../../check.ts';
import { docs } from '../_shared/references.ts';

export const check = defineCheck({
  id: 'second-root',
  title: 'account that is root under another name',
  severity: 'high',
  why: 'An account with the number 0 is root, and is overlooked when root is locked.',
  fix: 'take the account out',
  vanishes: 'root alone had the number 0',
  references: docs('https://attack.mitre.org/techniques/T1136/001/'),
  guide: ['C01', 'C13'],
  attack: ['T1136.001'],
  *image({ at, files }) {
    for (const { name, uid, line } of files?.accounts ?? []) {
      if (uid === 0 && name !== 'root') {
        yield {
          at: { path: `${at.path}!/etc/passwd`, line, pointer: name },
          what: `has the account ${name} with the number 0`,
        };
      }
    }
  },
});
