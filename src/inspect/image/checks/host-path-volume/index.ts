import { defineCheck } from '../../check.ts';
import { podSecurity } from '../_shared/references.ts';

export const check = defineCheck({
  id: 'host-path-volume',
  title: 'pod with a volume of the node',
  severity: 'medium',
  why: 'A pod that sees files of its node gets at what other pods and the node itself keep there, wherever it is moved to.',
  fix: 'use a volume claim, a ConfigMap or a Secret in place of `hostPath`',
  vanishes: 'no volume were of the kind hostPath',
  references: podSecurity('baseline'),
  guide: ['C04'],
  attack: ['T1611'],
  *pod({ spec, containers }) {
    for (const volume of spec.get('volumes').items()) {
      const path = volume.get('hostPath');
      if (!path.isThere) continue;
      const name = volume.get('name').text();
      const mounts = containers
        .flatMap(({ cursor }) => cursor.get('volumeMounts').items())
        .filter((mount) => mount.get('name').text() === name);
      yield {
        at: volume.place,
        what: `has the volume ${name ?? ''} on ${path.get('path').text() ?? 'a path'} of its node`,
        reasons: mounts.map(({ place }) => ({ what: 'mounted by', value: place.pointer ?? '' })),
      };
    }
  },
});
