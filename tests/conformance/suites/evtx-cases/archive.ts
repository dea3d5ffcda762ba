import { createReadStream, existsSync } from 'node:fs';
import { createGunzip } from 'node:zlib';
import tar from 'tar-stream';

/** Files of a `.tar.gz` by their path in it; empty when the archive is not there. */
export async function readArchive(path: string): Promise<Map<string, Buffer>> {
  const files = new Map<string, Buffer>();
  if (!existsSync(path)) return files;
  const entries = createReadStream(path).pipe(createGunzip()).pipe(tar.extract());
  for await (const entry of entries) {
    const parts: Buffer[] = [];
    for await (const part of entry as AsyncIterable<Buffer>) parts.push(part);
    if (entry.header.type === 'file') files.set(entry.header.name.replace(/^\.\//, ''), Buffer.concat(parts));
  }
  return files;
}
