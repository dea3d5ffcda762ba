import { defineCheck } from '../../check.ts';
import { podSecurity } from '../_shared/references.ts';

export const check = defineCheck({
  id: 'unmasked-proc',
  title: 'container that sees all of /proc',
  severity: 'high',
  why: 'The masked parts of /proc give memory, keys and settings of the kernel away, and let it be changed.',
  fix: 'take `systempaths=unconfined` (`procMount: Unmasked`) away',
  vanishes: '/proc were masked',
  references: podSecurity('baseline'),
  guide: ['C04', 'C09'],
  attack: ['T1611'],
  *workload({ unmaskedProc }) {
    if (unmaskedProc?.value === true) yield { at: unmaskedProc.at, what: 'sees all of /proc' };
  },
});
