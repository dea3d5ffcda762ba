import { defineCheck } from '../../check.ts';
import { cis } from '../_shared/references.ts';

export const check = defineCheck({
  id: 'restart-always',
  title: 'container that is started again without end',
  severity: 'info',
  why: 'An attacker who makes the program crash may try as often as he likes, and the crashes drown in restarts.',
  fix: 'set `--restart on-failure:5`',
  vanishes: 'restarts were counted',
  references: cis('5.15'),
  guide: ['C04'],
  attack: [],
  *workload({ restart }) {
    if (restart !== undefined && /^(?:always|on-failure)$/.test(restart.value)) {
      yield { at: restart.at, what: `is started again without end (${restart.value})` };
    }
  },
});
