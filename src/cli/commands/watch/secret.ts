import { readFileSync } from 'node:fs';
import { VakthundError } from '../../../base/errors.ts';

/** The text of a file that holds a secret: on a command line everybody could read it. */
export function secretFrom(path: string | undefined): string | undefined {
  if (path === undefined) return undefined;
  let text: string;
  try {
    text = readFileSync(path, 'utf8').trim();
  } catch (cause) {
    throw new VakthundError('NOT_FOUND', `"${path}" cannot be read`, { cause });
  }
  if (text === '') throw new VakthundError('CONFIG', `"${path}" is empty`);
  return text;
}
