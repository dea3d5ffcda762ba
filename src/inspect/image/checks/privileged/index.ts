import { defineCheck } from '../../check.ts';
import { cis, cisKubernetes, podSecurity } from '../_shared/references.ts';
import { sandboxOf } from '../_shared/sandbox.ts';

export const check = defineCheck({
  id: 'privileged',
  title: 'container with all rights of the host',
  severity: 'critical',
  why: 'A privileged container sees all devices and has all capabilities: whoever gets into it owns the host with one command.',
  fix: 'take `--privileged` (`privileged: true`) away, and add the one device or capability that is needed',
  vanishes: 'the container were not privileged',
  references: [...cis('5.5'), ...podSecurity('baseline'), ...cisKubernetes('5.2.2')],
  guide: ['C09'],
  attack: ['T1611'],
  *workload({ privileged, state, runtime }) {
    if (privileged?.value !== true) return;
    const sandbox = sandboxOf(runtime?.value ?? '');
    const isIdle = state !== undefined && state !== 'running';
    yield {
      at: privileged.at,
      what: `is privileged${isIdle ? ` (now ${state})` : ''}${sandbox === undefined ? '' : `, behind ${sandbox}`}`,
      // There the devices and the kernel are not those of the host.
      severity: sandbox === undefined ? 'critical' : 'high',
    };
  },
});
