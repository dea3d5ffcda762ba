import { defineCheck } from '../../check.ts';
import { docs } from '../_shared/references.ts';

export const check = defineCheck({
  id: 'shared-user-id',
  title: 'accounts that are one and the same for the kernel',
  severity: 'low',
  why: 'Two names with one number have the same rights on files and processes: what is kept from the one is not kept from the other, and logs tell the wrong one.',
  fix: 'give each account a number of its own',
  vanishes: 'every account had a number of its own',
  references: docs('https://man7.org/linux/man-pages/man5/passwd.5.html'),
  guide: ['C01'],
  attack: ['T1136.001'],
  *image({ at, files }) {
    const first = new Map<number, string>();
    for (const { name, uid, line } of files?.accounts ?? []) {
      const other = first.get(uid);
      // A second root is told by a check of its own.
      if (other === undefined) first.set(uid, name);
      else if (uid !== 0 && other !== name) {
        yield {
          at: { path: `${at.path}!/etc/passwd`, line, pointer: name },
          what: `has the accounts ${other} and ${name} with the number ${uid}`,
        };
      }
    }
  },
});
