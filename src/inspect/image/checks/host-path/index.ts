import { defineCheck } from '../../check.ts';
import { cis, podSecurity } from '../_shared/references.ts';
import { hostPlace, isEngineSocket } from '../_shared/host-paths.ts';

export const check = defineCheck({
  id: 'host-path',
  title: 'container that holds a folder of the host',
  severity: 'high',
  why: 'A folder of the system that can be written to is a way out of the container; one that can only be read gives password hashes, keys and settings away.',
  fix: 'mount a volume, or the single file that is needed, read-only',
  vanishes: 'no such folder were mounted',
  references: [...cis('5.6'), ...podSecurity('baseline')],
  guide: ['C04'],
  attack: ['T1611'],
  *workload({ mounts }) {
    for (const { type, source, target, readOnly, at } of mounts) {
      if (type !== 'bind' || isEngineSocket(source) || !source.startsWith('/')) continue;
      const place = hostPlace(source, readOnly);
      if (place === undefined) continue;
      const way = readOnly ? 'read-only' : 'to write';
      yield { at, what: `mounts ${source} of the host (${way}) at ${target}: ${place.what}`, severity: place.severity };
    }
  },
});
