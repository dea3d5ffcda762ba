import { defineCheck, type Fault } from '../../check.ts';
import { inImage } from '../../inputs/build-file.ts';
import { docs } from '../_shared/references.ts';

/** Folders of the kernel: what stands there is no file of the image. */
const kernelFolder = /^\/(?:proc|sys|dev)(?:\/(?!shm(?:\/|$))|$)/;

export const check = defineCheck({
  id: 'system-volume',
  title: 'image that works in a folder of the kernel',
  severity: 'medium',
  why: 'A volume there hides what the engine mounts to keep a container in, and a working folder there takes a descriptor of the host along (CVE-2024-21626).',
  fix: 'take another folder',
  vanishes: 'no volume and no working folder were below /proc, /sys or /dev',
  references: docs('https://docs.docker.com/reference/dockerfile/#volume'),
  guide: ['C03', 'C09'],
  attack: ['T1611'],
  *build(build) {
    for (const instruction of inImage(build, 'VOLUME')) {
      const paths = instruction.list ?? instruction.text.split(/\s+/);
      for (const path of paths.filter((one) => kernelFolder.test(one))) {
        yield { at: instruction.at, what: volume(path) };
      }
    }
    for (const instruction of inImage(build, 'WORKDIR')) yield* working(instruction.text, instruction.at);
  },
  *image({ at, volumes, workingFolder }) {
    for (const path of volumes.filter((one) => kernelFolder.test(one))) {
      yield { at: { ...at, pointer: 'config.Volumes' }, what: volume(path) };
    }
    yield* working(workingFolder, { ...at, pointer: 'config.WorkingDir' });
  },
});

function* working(path: string, at: Fault['at']): Generator<Fault> {
  const folder = path.replaceAll(/^["']|["']$/g, '');
  if (!kernelFolder.test(folder)) return;
  const escapes = /^\/proc\/(?:self|thread-self|\d+)\/fd\//.test(folder);
  yield { at, what: `starts in ${folder}`, severity: escapes ? 'critical' : 'medium' };
}

function volume(path: string): string {
  return `has a volume at ${path}`;
}
