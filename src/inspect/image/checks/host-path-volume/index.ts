import { defineCheck } from '../../check.ts';
import { hostVolumes } from '../_shared/host-volumes.ts';
import { cisKubernetes, podSecurity } from '../_shared/references.ts';

export const check = defineCheck({
  id: 'host-path-volume',
  title: 'pod with a volume of the node',
  severity: 'medium',
  why: 'A pod that sees files of its node gets at what other pods and the node itself keep there, wherever it is moved to.',
  fix: 'use a volume claim, a ConfigMap or a Secret in place of `hostPath`',
  vanishes: 'no volume were of the kind hostPath',
  references: [...podSecurity('baseline'), ...cisKubernetes('5.2.12')],
  guide: ['C04'],
  attack: ['T1611'],
  *pod(pod) {
    for (const { volume, path, mounts } of hostVolumes(pod)) {
      yield { at: volume, what: `has a volume on ${path} of its node`, reasons: mounts };
    }
  },
});
