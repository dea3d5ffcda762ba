import { closeSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { VakthundError } from '../../../base/errors.ts';
import { looksLikeSbom } from '../../../inspect/packages/sbom/read-sbom.ts';

const headBytes = 4096;
const maxSbomBytes = 2 ** 28;

/** Text of a file that begins like a bill of materials; undefined for an image. */
export function billIn(path: string): string | undefined {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat?.isFile() !== true) return undefined;
  const head = Buffer.alloc(headBytes);
  const file = openSync(path, 'r');
  try {
    const length = readSync(file, head, 0, headBytes, 0);
    if (!looksLikeSbom(head.toString('utf8', 0, length))) return undefined;
  } finally {
    closeSync(file);
  }
  if (stat.size > maxSbomBytes) throw new VakthundError('EVIDENCE_LIMIT', `"${path}" has ${stat.size} bytes`);
  return readFileSync(path, 'utf8');
}
