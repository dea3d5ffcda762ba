import { defineCheck } from '../../check.ts';
import { cis, docs } from '../_shared/references.ts';

/** Drivers that nobody mends any more; the engine took them out in version 24 and 25. */
const abandoned: ReadonlySet<string> = new Set(['aufs', 'devicemapper', 'overlay']);

export const check = defineCheck({
  id: 'engine-storage-driver',
  title: 'engine with an abandoned storage driver',
  severity: 'low',
  why: 'It was never part of the kernel, or is mended no more: faults in it are faults in the wall between containers.',
  fix: 'take `overlay2`, or the snapshotter of containerd',
  vanishes: 'the engine stored images with a driver that is looked after',
  references: [...cis('2.6'), ...docs('https://docs.docker.com/engine/deprecated/')],
  guide: ['C07'],
  attack: [],
  *engine({ storageDriver }) {
    if (storageDriver !== undefined && abandoned.has(storageDriver.value)) {
      yield { at: storageDriver.at, what: `stores images with ${storageDriver.value}` };
    }
  },
});
