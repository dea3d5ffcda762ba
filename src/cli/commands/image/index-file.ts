import { join, resolve } from 'node:path';
import { ImageIndex } from '../../../inspect/image/index-store/image-index.ts';

/** The index of a case; an empty one when nothing was added yet. */
export function openIndex(caseFolder: string): ImageIndex {
  return ImageIndex.open(join(resolve(caseFolder), 'images.jsonl'));
}
