import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { brotliDecompressSync } from 'node:zlib';

/** Shipped tables are a few MB; a damaged one must not take all memory. */
const maxOutputLength = 64_000_000;

/** Bytes of a packed table under `content/`. */
export function readPacked(name: string): Uint8Array {
  const path = fileURLToPath(new URL(`../../../content/${name}`, import.meta.url));
  return brotliDecompressSync(readFileSync(path), { maxOutputLength });
}

/** Lines of a packed text under `content/`. */
export function readPackedLines(name: string): string[] {
  return Buffer.from(readPacked(name)).toString('utf8').split('\n');
}
