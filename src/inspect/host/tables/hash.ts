import { defineHostTable } from '../table.ts';
import { askedPaths } from '../asked-paths.ts';
import { digestsOf } from '../digests.ts';
import { parentOf } from '../../tree/tree.ts';

export const table = defineHostTable({
  id: 'hash',
  title: 'Digests of files',
  description:
    'MD5, SHA-1 and SHA-256 of regular files that a query asks for by `path` or `directory`, links followed. Patterns as in `file`.',
  columns: { path: 'text', directory: 'text', md5: 'text', sha1: 'text', sha256: 'text' },
  hidden: { pid_with_namespace: 'integer', mount_namespace_id: 'text' },
  needs: 'root',
  required: ['path', 'directory'],
  *rows(context, constraints) {
    for (const path of askedPaths(context, constraints)) {
      const digests = digestsOf(context.tree, path, ['md5', 'sha1', 'sha256']);
      if (digests !== undefined) yield { path, directory: parentOf(path), ...digests };
    }
  },
});
