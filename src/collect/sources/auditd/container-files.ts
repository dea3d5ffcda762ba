/** Files and containers that are remembered; those seen first go. */
const maxFiles = 4096;
const maxContainers = 1024;
/** Of each, how many a checkpoint keeps. */
const keptInState = 64;

/** What a checkpoint keeps of it, those seen last. */
export interface ContainerFilesState {
  readonly roots: readonly (readonly [container: string, device: string])[];
  readonly made: readonly string[];
}

/**
 * Files that were made in containers, on the file system that the container's first program came from: they are in its upper layer, and in no image.
 * What is made in a volume or in memory lies on another device.
 */
export class ContainerFiles {
  readonly #roots = new Map<string, string>();
  readonly #made = new Set<string>();

  /** A program starts in a container; gives whether its file was made there, undefined for what is not known. */
  started(container: string, device: string, inode: string): boolean | undefined {
    const root = this.#roots.get(container);
    if (root === undefined) {
      this.#roots.set(container, device);
      if (this.#roots.size > maxContainers) this.#roots.delete(this.#roots.keys().next().value ?? '');
    }
    return this.#made.has(keyOf(container, device, inode)) ? true : undefined;
  }

  made(container: string, device: string, inode: string): void {
    if (this.#roots.get(container) !== device) return;
    this.#made.add(keyOf(container, device, inode));
    if (this.#made.size > maxFiles) this.#made.delete(this.#made.values().next().value ?? '');
  }

  state(): ContainerFilesState | undefined {
    if (this.#roots.size === 0) return undefined;
    return { roots: [...this.#roots].slice(-keptInState), made: [...this.#made].slice(-keptInState) };
  }

  restore({ roots, made }: ContainerFilesState): void {
    for (const [container, device] of roots) this.#roots.set(container, device);
    for (const file of made) this.#made.add(file);
  }
}

/** A number of a file is used again for another one only once it is gone: a program that starts is the one that was made. */
function keyOf(container: string, device: string, inode: string): string {
  return `${container.slice(0, 12)} ${device} ${inode}`;
}
