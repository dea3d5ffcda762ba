import { mimeTypeOf } from '../../base/mime-type.ts';
import type { Reason } from '../../events/finding.ts';
import { commentSigns } from './comments.ts';
import { containerFormatOf } from './ends/formats.ts';
import { noteCoefficients } from './jpeg/coefficient-signs.ts';
import { mostPixelBytes } from './png/decode.ts';
import { notePng } from './png/png-signs.ts';
import type { FileContent, FileSign, NotChecked, Notes } from './sign.ts';
import { trailingDataSign } from './trailing-data.ts';
import { typeSigns } from './type-signs.ts';

export interface FileInspection {
  /** MIME type by the first bytes; null when nothing fits. */
  readonly type: string | null;
  /** The strongest first. */
  readonly signs: readonly FileSign[];
  readonly measured: readonly Reason[];
  readonly notChecked: readonly NotChecked[];
}

/**
 * What a file is and what it hides. Looks at the bytes only, in time that grows with their number; damaged and hostile content gives
 * entries of `notChecked`, never an error. Pixels of a picture are decoded where they are not more than so many bytes; at 0 none are, nor are
 * the coefficients of a JPEG.
 */
export function inspectFile(content: FileContent, maxPixelBytes = mostPixelBytes): FileInspection {
  const type = mimeTypeOf(content.bytes);
  const notes: Notes = { signs: typeSigns(content, type), measured: [], notChecked: [] };
  if (content.size > content.bytes.length) {
    notes.notChecked.push({ what: `bytes after the first ${content.bytes.length}`, why: 'the file is too large' });
  }
  if (type === 'image/png') notePng(content, notes, maxPixelBytes);
  else noteEnd(content, type, notes);
  notes.signs.push(...commentSigns(type, content.bytes));
  if (type === 'image/jpeg' && maxPixelBytes > 0) noteCoefficients(content, notes);
  if (type === 'image/gif') notes.notChecked.push({ what: 'colours of the GIF', why: 'they are places in a palette' });
  return { type, ...notes, signs: notes.signs.toSorted((a, b) => b.score - a.score) };
}

function noteEnd(content: FileContent, type: string | null, notes: Notes): void {
  const format = type === null ? undefined : containerFormatOf(type);
  if (format === undefined) {
    notes.notChecked.push({
      what: 'data after the end',
      why: 'known of PNG, JPEG, GIF, WebP, BMP, TIFF, icons, PDF and ZIP only',
    });
    return;
  }
  const found = format.findEnd(content.bytes);
  if ('fault' in found) {
    notes.notChecked.push({ what: `data after the end of the ${format.name}`, why: found.fault });
    return;
  }
  const sign = trailingDataSign(content, { format: format.name, ...found });
  if (sign !== undefined) notes.signs.push(sign);
}
