import { isAscii, isUtf8 } from 'node:buffer';
import { mimeHeadBytes, mimeTypeOf } from '../../../base/mime-type.ts';
import { askedPaths } from '../asked-paths.ts';
import { defineHostTable } from '../table.ts';

export const table = defineHostTable({
  id: 'magic',
  title: 'Type of a file by its first bytes',
  description:
    'Regular files that a query asks for by `path`, links followed. Told by our own signatures and not by libmagic: `mime_type` has its names, `application/octet-stream` where no signature fits; `data`, its sentence, and `magic_db_files` are empty.',
  columns: { path: 'text', magic_db_files: 'text', data: 'text', mime_type: 'text', mime_encoding: 'text' },
  needs: 'root',
  required: ['path'],
  *rows(context, constraints) {
    for (const path of askedPaths(context, constraints)) {
      const head = context.tree.stat(path)?.type === 'file' ? context.tree.read(path, mimeHeadBytes) : undefined;
      if (head === undefined) continue;
      const type = head.length === 0 ? 'inode/x-empty' : (mimeTypeOf(head) ?? fallbackOf(head));
      yield { path, magic_db_files: null, data: null, mime_type: type, mime_encoding: encodingOf(head) };
    }
  },
});

function fallbackOf(head: Buffer): string {
  return encodingOf(head) === 'binary' ? 'application/octet-stream' : 'text/plain';
}

/** A character that the end of the head cuts does not make a text binary. */
function encodingOf(head: Buffer): string {
  if (head.some((byte) => byte < 32 && !isTextControl(byte))) return 'binary';
  if (isAscii(head)) return 'us-ascii';
  const isText = [0, 1, 2, 3].some((cut) => isUtf8(head.subarray(0, head.length - cut)));
  return isText ? 'utf-8' : 'binary';
}

/** Bell to carriage return, and escape. */
function isTextControl(byte: number): boolean {
  return (byte >= 7 && byte <= 13) || byte === 27;
}
