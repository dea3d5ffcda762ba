import { isUtf8 } from 'node:buffer';
import { parentOf } from '../../tree/tree.ts';
import { askedPaths } from '../asked-paths.ts';
import { defineHostTable } from '../table.ts';

export const table = defineHostTable({
  id: 'extended_attributes',
  title: 'Extended attributes of files',
  description:
    'Attributes of files that a query asks for by `path` or `directory`: capabilities, access lists, labels, and what users write. A value that is no printable text is in base64, and `base64` is 1. Of an image what its layers tell.',
  columns: { path: 'text', directory: 'text', key: 'text', value: 'text', base64: 'integer' },
  needs: 'root',
  required: ['path', 'directory'],
  *rows(context, constraints) {
    for (const path of askedPaths(context, constraints)) {
      for (const [key, bytes] of context.tree.xattrs?.(path) ?? []) {
        // Values of text are often written with the zero byte that ends them.
        const text = bytes.at(-1) === 0 ? bytes.subarray(0, -1) : bytes;
        const isText = isUtf8(text) && !/\p{Cc}/u.test(text.toString('utf8'));
        const value = isText ? text.toString('utf8') : bytes.toString('base64');
        yield { path, directory: parentOf(path), key, value, base64: isText ? 0 : 1 };
      }
    }
  },
});
