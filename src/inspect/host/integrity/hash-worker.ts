import { parentPort } from 'node:worker_threads';
import { hashFile } from './hash-file.ts';

/** Files to hash: real paths as bytes (latin1), and of each how many bytes count (Infinity for all). */
export interface HashBatch {
  readonly id: number;
  readonly paths: readonly string[];
  readonly limits: readonly number[];
}
/** What `hashFile` gives for each. */
export interface HashedBatch {
  readonly id: number;
  readonly digests: readonly string[];
}

parentPort?.on('message', ({ id, paths, limits }: HashBatch) => {
  const digests = paths.map((path, index) => hashFile(path, limits[index] ?? Infinity));
  parentPort?.postMessage({ id, digests } satisfies HashedBatch);
});
