import { readFileSync, statSync } from 'node:fs';
import type { FileIdentity } from './proc-reader.ts';

const named = /\/(?:ba|da|z|k|mk|a|tc|c|fi)?sh$|\/busybox$/;
/** Beside those that `/etc/shells` lists (shells(5)). */
const usualPaths = ['/bin/sh', '/bin/bash', '/bin/busybox'];
/** Of the list a machine has a dozen. */
const maxListed = 50;
/** A container with a shell of its own adds one. */
const maxKnown = 1000;

/** Tells what takes commands from its input: by the name of its file, and where that is another by being a copy of one with such a name. */
export class Shells {
  readonly #hashes = new Set<string>();

  /** `hashOf` a file; shells of this machine are known from the start, others once they ran under their name. */
  constructor(hashOf: (path: string, file: FileIdentity) => string | undefined) {
    for (const path of new Set([...usualPaths, ...listedShells()])) {
      const file = identityOf(path);
      const hash = file === undefined ? undefined : hashOf(path, file);
      if (hash !== undefined) this.#hashes.add(hash);
    }
  }

  isNamed(executable: string | undefined): boolean {
    return executable !== undefined && named.test(executable);
  }

  /** Whether a program with that content is one. */
  isCopy(hash: string | undefined): boolean {
    return hash !== undefined && this.#hashes.has(hash);
  }

  /** A shell by its name has that content. */
  learn(hash: string | undefined): void {
    if (hash !== undefined && this.#hashes.size < maxKnown) this.#hashes.add(hash);
  }
}

function listedShells(): string[] {
  try {
    const lines = readFileSync('/etc/shells', 'utf8').split('\n');
    return lines.filter((line) => named.test(line)).slice(0, maxListed);
  } catch {
    return [];
  }
}

function identityOf(path: string): FileIdentity | undefined {
  try {
    const { dev, ino, size, mtimeNs, ctimeNs } = statSync(path, { bigint: true });
    return { device: dev, inode: ino, size, modifiedNs: mtimeNs, changedNs: ctimeNs };
  } catch {
    return undefined;
  }
}
