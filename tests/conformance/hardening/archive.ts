import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { extract } from 'tar-stream';

export interface ArchivedText {
  /** Path in the archive. */
  readonly name: string;
  readonly text: string;
}

/** The files of the `.tar.xz` archives in the hardening folder of a corpus whose name fits; none when there is no such archive. */
export async function* archivesIn(corpus: string, name: RegExp): AsyncGenerator<ArchivedText> {
  const folder = join(corpus, 'image', 'hardening');
  const names = existsSync(folder) ? readdirSync(folder).filter((file) => name.test(file)) : [];
  for (const file of names) yield* filesOf(join(folder, file));
}

async function* filesOf(path: string): AsyncGenerator<ArchivedText> {
  const xz = spawn('xz', ['-dc', path], { stdio: ['ignore', 'pipe', 'inherit'] });
  const entries = Readable.from(xz.stdout).pipe(extract());
  for await (const entry of entries) {
    const parts: Buffer[] = [];
    for await (const part of entry) parts.push(part as Buffer);
    if (entry.header.type === 'file') yield { name: entry.header.name, text: Buffer.concat(parts).toString('utf8') };
  }
}
