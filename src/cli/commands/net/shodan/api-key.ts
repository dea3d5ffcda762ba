import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { VakthundError } from '../../../../base/errors.ts';

const maxKeyBytes = 1000;

/** The key in a file that only its owner can read. */
export function keyIn(path: string): string {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (cause) {
    throw new VakthundError('NOT_FOUND', `"${path}" cannot be read`, { cause });
  }
  try {
    const { mode, size } = fstatSync(file);
    if ((mode & 0o077) !== 0) {
      throw new VakthundError('CONFIG', 'others can read the file with the key', {
        at: { path },
        hint: `chmod 600 ${path}`,
      });
    }
    const key = size > maxKeyBytes ? '' : readFileSync(file, 'utf8').trim();
    if (/^[A-Za-z0-9]{8,200}$/.test(key)) return key;
    throw new VakthundError('CONFIG', 'it holds no key of Shodan', { at: { path } });
  } finally {
    closeSync(file);
  }
}
