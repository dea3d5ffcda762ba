import { createHash } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import type { FileIdentity } from './proc-reader.ts';

/** Files larger than that are not hashed: the records of other processes would wait. */
const maxFileBytes = 256 * 1024 * 1024;
/** What may be hashed in a second, for the same reason: whoever starts ever new programs must not blind the sensor. */
const bytesPerSecond = 256 * 1024 * 1024;
const maxKnown = 20_000;
/** Larger ones are no faster, and each thread that hashes keeps one. */
const chunk = Buffer.allocUnsafe(128 * 1024);

/** SHA-256 of files, such as the programs that run, each read once: as long as device, inode, size and times are the same. */
export class FileHashes {
  readonly #known = new Map<string, string>();
  #spent = 0;
  #secondBegan = -Infinity;

  /**
   * In hexadecimal, of the file that `path` opens: `/proc/PID/exe` opens the very file, even one without a name. Undefined when it cannot be
   * read, is another file by now, is too large, or too much was hashed in this second.
   */
  of(path: string, file: FileIdentity): string | undefined {
    const key = `${file.device}:${file.inode}:${file.size}:${file.modifiedNs}:${file.changedNs}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    if (!this.#maySpend(Number(file.size))) return undefined;
    const hash = hashFile(path, file);
    if (hash === undefined) return undefined;
    this.#known.set(key, hash);
    if (this.#known.size > maxKnown) this.#known.delete(this.#known.keys().next().value ?? '');
    return hash;
  }

  #maySpend(bytes: number): boolean {
    if (bytes > maxFileBytes) return false;
    const now = performance.now();
    if (now - this.#secondBegan >= 1000) {
      this.#secondBegan = now;
      this.#spent = 0;
    }
    this.#spent += bytes;
    return this.#spent <= bytesPerSecond;
  }
}

function hashFile(path: string, { device, inode }: FileIdentity): string | undefined {
  let descriptor: number | undefined;
  try {
    // What is no file any more must not be waited for.
    descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const now = fstatSync(descriptor, { bigint: true });
    if (!now.isFile() || now.ino !== inode || now.dev !== device) return undefined;
    const digest = createHash('sha256');
    for (let left = maxFileBytes; left > 0;) {
      const count = readSync(descriptor, chunk, 0, Math.min(chunk.length, left), null);
      if (count === 0) break;
      digest.update(chunk.subarray(0, count));
      left -= count;
    }
    return digest.digest('hex');
  } catch {
    return undefined;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}
