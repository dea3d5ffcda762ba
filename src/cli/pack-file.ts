import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { VakthundError } from '../base/errors.ts';
import { readPacks, type Pack } from '../inspect/host/query/pack.ts';

/** The packs of a file, named after it; `distribution` is the id of os-release. */
export function readPackFile(path: string, distribution: string): Pack[] {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new VakthundError('NOT_FOUND', `the pack "${path}" cannot be read`, { cause: error });
  }
  return readPacks(text, basename(path).replace(/\.(?:conf|json)$/, ''), distribution);
}
