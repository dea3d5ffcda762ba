import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { VakthundError } from '../base/errors.ts';
import { packStateSchema, type PackState } from '../inspect/host/query/run-pack.ts';

/** What the packs gave last time; nothing when there is no such file. */
export function readPackState(path: string): PackState {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { version: 1, queries: {} };
    throw new VakthundError('NOT_FOUND', `the state "${path}" cannot be read`, { cause: error });
  }
  try {
    return packStateSchema.parse(JSON.parse(text));
  } catch (error) {
    throw new VakthundError('CONFIG', `"${path}" is no state of packs`, {
      cause: error,
      hint: 'remove it to begin anew',
    });
  }
}

/** Replaces the file at once: whoever is interrupted keeps the old one. It may hold what only root may read. */
export function writePackState(path: string, state: PackState): void {
  const file = resolve(path);
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(`${file}.new`, JSON.stringify(state), { mode: 0o600 });
    renameSync(`${file}.new`, file);
  } catch (error) {
    throw new VakthundError('OUTPUT', `"${path}" cannot be written`, { cause: error });
  }
}
