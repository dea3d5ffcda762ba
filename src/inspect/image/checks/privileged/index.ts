import { defineCheck } from '../../check.ts';
import { cis, podSecurity } from '../_shared/references.ts';

export const check = defineCheck({
  id: 'privileged',
  title: 'container with all rights of the host',
  severity: 'critical',
  why: 'A privileged container sees all devices and has all capabilities: whoever gets into it owns the host with one command.',
  fix: 'take `--privileged` (`privileged: true`) away, and add the one device or capability that is needed',
  vanishes: 'the container were not privileged',
  references: [...cis('5.5'), ...podSecurity('baseline')],
  guide: ['C09'],
  attack: ['T1611'],
  *workload({ privileged, state }) {
    if (privileged?.value !== true) return;
    const isIdle = state !== undefined && state !== 'running';
    yield { at: privileged.at, what: isIdle ? `is privileged (now ${state})` : 'is privileged' };
  },
});
