import { defineHostTable } from '../table.ts';
import { nameOf } from '../../tree/tree.ts';
import { attribute } from '../sysfs.ts';
import type { TableContext } from '../table-context.ts';

const root = '/sys/class/block';
/** Devices lie over devices; a loop cannot be, and is bounded all the same. */
const maxDepth = 16;

export const table = defineHostTable({
  id: 'disk_encryption',
  title: 'Which disks and partitions are encrypted',
  description:
    'A device is encrypted when it is one of dm-crypt (`dm/uuid` begins with `CRYPT-`) or lies on one. The algorithm (`type`) is known to the kernel alone and stays empty; what encrypts in a file system or in the disk itself is not seen.',
  columns: { name: 'text', uuid: 'text', encrypted: 'integer', type: 'text', encryption_status: 'text' },
  hidden: { uid: 'text', user_uuid: 'text', filevault_status: 'text' },
  needs: 'live',
  *rows(context) {
    for (const { path } of context.tree.list(root)) {
      const name = nameOf(path);
      const encrypted = Number(isEncrypted(context, name, 0));
      const uuid = attribute(context, `${root}/${name}/dm/uuid`)?.trim() ?? '';
      const encryption_status = encrypted === 1 ? 'encrypted' : 'not encrypted';
      yield { name: `/dev/${name}`, uuid, encrypted, type: '', encryption_status };
    }
  },
});

function isEncrypted(context: TableContext, name: string, depth: number): boolean {
  if (attribute(context, `${root}/${name}/dm/uuid`)?.startsWith('CRYPT-') === true) return true;
  if (depth === maxDepth) return false;
  const below = context.tree.list(`${root}/${name}/slaves`).map(({ path }) => nameOf(path));
  return below.length > 0 && below.every((one) => isEncrypted(context, one, depth + 1));
}
