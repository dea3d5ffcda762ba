import { createWriteStream, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Terminal } from './terminal.ts';

/** Keeps standard input inside the case, so that it can be read twice and findings can point into it. Returns the file. */
export async function spoolStdin(caseFolder: string, terminal: Terminal): Promise<string> {
  const folder = join(resolve(caseFolder), 'stdin');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, new Date().toISOString().replaceAll(':', ''));
  await keepStdin(path, terminal);
  return path;
}

/** Writes standard input, to its end, into a file that only its owner can read. */
export async function keepStdin(path: string, terminal: Terminal): Promise<void> {
  await pipeline(process.stdin, createWriteStream(path, { mode: 0o600 }), { signal: terminal.signal });
}
