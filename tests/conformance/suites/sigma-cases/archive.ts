import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import tar from 'tar-stream';

/** Files below the corpus that a pattern finds, in order. */
export function findFiles(corpus: string, pattern: string): string[] {
  return globSync(pattern, { cwd: corpus })
    .sort()
    .map((name) => join(corpus, name));
}

/** Every JSON document that the pattern finds. */
export function readJsonFiles(corpus: string, pattern: string): unknown[] {
  return findFiles(corpus, pattern).map((path) => JSON.parse(readFileSync(path, 'utf8')) as unknown);
}

/** Files of all gzipped tar archives that the pattern finds, by name, in the archive's order. */
export async function readArchives(corpus: string, pattern: string): Promise<Map<string, Buffer>> {
  const files = new Map<string, Buffer>();
  for (const path of findFiles(corpus, pattern)) {
    const extract = tar.extract();
    extract.end(gunzipSync(readFileSync(path)));
    for await (const entry of extract) {
      const chunks: Buffer[] = [];
      for await (const chunk of entry) chunks.push(chunk as Buffer);
      if (entry.header.type === 'file') files.set(entry.header.name, Buffer.concat(chunks));
    }
  }
  return files;
}
