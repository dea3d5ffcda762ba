import { defineCheck } from '../../check.ts';
import { cis, podSecurity } from '../_shared/references.ts';
import { isEngineSocket } from '../_shared/host-paths.ts';
import { hostVolumes } from '../_shared/host-volumes.ts';

export const check = defineCheck({
  id: 'engine-socket',
  title: "container that holds the engine's socket",
  severity: 'critical',
  why: 'Who can write to the socket starts a privileged container and owns the host; mounting it read-only changes nothing about that.',
  fix: 'take the mount away; a tool that only looks gets a proxy that lets single calls through',
  vanishes: 'the socket were not mounted',
  references: [...cis('5.32'), ...podSecurity('baseline')],
  guide: ['C04', 'C07'],
  attack: ['T1610', 'T1611'],
  *workload({ origin, mounts }) {
    // In a pod the volume counts, mounted or not.
    if (origin === 'kubernetes') return;
    for (const { source, target, readOnly, at } of mounts) {
      if (!isEngineSocket(source)) continue;
      yield { at, what: `mounts ${source} at ${target}${readOnly ? ' (read-only, which does not help)' : ''}` };
    }
  },
  *pod(pod) {
    for (const { volume, path, mounts } of hostVolumes(pod)) {
      if (isEngineSocket(path)) yield { at: volume, what: `has the volume ${path} of its node`, reasons: mounts };
    }
  },
});
