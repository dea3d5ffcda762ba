import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { VakthundError } from '../base/errors.ts';
import { readPacks, type Pack, type PackHost } from '../inspect/host/query/pack.ts';

/** The packs of a file, named after it, as they are for a machine. */
export function readPackFile(path: string, host: PackHost): Pack[] {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new VakthundError('NOT_FOUND', `the pack "${path}" cannot be read`, { cause: error });
  }
  return readPacks(text, basename(path).replace(/\.(?:conf|json)$/, ''), host);
}
