import { isUtf8 } from 'node:buffer';
import { parentOf } from '../../tree/tree.ts';
import { fileCapabilitiesText } from '../vfs-cap.ts';
import { askedPaths } from '../asked-paths.ts';
import { defineHostTable } from '../table.ts';

export const table = defineHostTable({
  id: 'extended_attributes',
  title: 'Extended attributes of files',
  description:
    'Attributes of files that a query asks for by `path` or `directory`: capabilities, access lists, labels, and what users write. Capabilities are in the words of cap_to_text(3). A value that is no printable text is in base64, and `base64` is 1. Of an image what its layers tell.',
  columns: { path: 'text', directory: 'text', key: 'text', value: 'text', base64: 'integer' },
  needs: 'root',
  required: ['path', 'directory'],
  *rows(context, constraints) {
    for (const path of askedPaths(context, constraints)) {
      for (const [key, bytes] of context.tree.xattrs?.(path) ?? []) {
        const capabilities = key === 'security.capability' ? fileCapabilitiesText(bytes) : undefined;
        if (capabilities !== undefined) {
          yield { path, directory: parentOf(path), key, value: capabilities, base64: 0 };
          continue;
        }
        // Values of text are often written with the zero byte that ends them.
        const text = bytes.at(-1) === 0 ? bytes.subarray(0, -1) : bytes;
        const isText = isUtf8(text) && !/\p{Cc}/u.test(text.toString('utf8'));
        const value = isText ? text.toString('utf8') : bytes.toString('base64');
        yield { path, directory: parentOf(path), key, value, base64: isText ? 0 : 1 };
      }
    }
  },
});
