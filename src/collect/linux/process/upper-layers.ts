import { lstatSync, readFileSync } from 'node:fs';
import { join, normalize } from 'node:path';
import { parseMountinfo, type Mount } from '../../../base/mountinfo.ts';

/** Containers whose mounts are remembered, and for how long: a container mounts little once it runs. */
const maxContainers = 2000;
const freshMs = 10_000;
const deleted = ' (deleted)';

interface Seen {
  readonly mounts: readonly Mount[];
  readonly at: number;
}

/** Which programs of containers were written since their container began: they stand in the upper layer of its overlay (overlayfs(5)). */
export class UpperLayers {
  readonly #byContainer = new Map<string, Seen>();
  readonly #top: string;

  /** `top` is the folder whose mounts show the layers: the machine's own root. */
  constructor(top = '/') {
    this.#top = top;
  }

  /** Whether the program that a process runs stands there; undefined where it is on no overlay, or that cannot be read any more. */
  holdsProgram(pid: number, container: string, executable: string): boolean | undefined {
    const isGone = executable.endsWith(deleted);
    const path = normalize(isGone ? executable.slice(0, -deleted.length) : executable);
    const mount = mountOf(path, this.#mountsOf(pid, container));
    const upper =
      mount?.type === 'overlay' ? /(?:^|,)upperdir=(?<path>\/[^,]*)/.exec(mount.options)?.groups?.['path'] : undefined;
    if (mount === undefined || upper === undefined) return undefined;
    try {
      const found = lstatSync(join(this.#top, upper, mount.root, path.slice(mount.point.length)), {
        throwIfNoEntry: false,
      });
      // A file of a lower layer that was deleted has left a device behind that hides it.
      return isGone ? found?.isCharacterDevice() !== true : found?.isFile() === true;
    } catch (error) {
      // The device stands where a folder was. Else it cannot be read: whoever runs it has chosen the path.
      return (error as NodeJS.ErrnoException).code === 'ENOTDIR' ? false : undefined;
    }
  }

  /** Takes down the mounts of a container while a process of it is there: they tell of those that are gone before they are looked at. */
  look(pid: number, container: string): void {
    this.#mountsOf(pid, container);
  }

  #mountsOf(pid: number, container: string): readonly Mount[] {
    const known = this.#byContainer.get(container);
    const now = performance.now();
    if (known !== undefined && now - known.at < freshMs) return known.mounts;
    const mounts = readMounts(pid);
    // Before it goes into the container its engine sees the machine's mounts, and is already counted to it.
    if (mounts.findLast(({ point }) => point === '/')?.type !== 'overlay') return known?.mounts ?? mounts;
    this.#byContainer.delete(container);
    this.#byContainer.set(container, { mounts, at: now });
    if (this.#byContainer.size > maxContainers) this.#byContainer.delete(this.#byContainer.keys().next().value ?? '');
    return mounts;
  }
}

function readMounts(pid: number): Mount[] {
  try {
    return [...parseMountinfo(readFileSync(`/proc/${pid}/mountinfo`, 'utf8'))];
  } catch {
    return [];
  }
}

/** The mount that a path lies on: the deepest above it, of several at one point the last. */
function mountOf(path: string, mounts: readonly Mount[]): Mount | undefined {
  let best: Mount | undefined;
  for (const mount of mounts) {
    const isAbove = mount.point === '/' || path.startsWith(`${mount.point}/`) || path === mount.point;
    if (isAbove && mount.point.length >= (best?.point.length ?? 0)) best = mount;
  }
  return best;
}
