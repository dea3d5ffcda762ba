import { defineHostTable } from '../table.ts';
import { nameOf, parentOf } from '../../tree/tree.ts';
import { attribute, numberAttribute, uevent } from '../sysfs.ts';
import type { TableContext } from '../table-context.ts';

const root = '/sys/class/block';

export const table = defineHostTable({
  id: 'block_devices',
  title: 'Disks and partitions',
  description:
    'From `/sys/class/block`; `size` counts blocks of `block_size` bytes. File systems are not looked into: `uuid` and `label` come from udev’s database, if it is there.',
  columns: {
    name: 'text',
    parent: 'text',
    vendor: 'text',
    model: 'text',
    serial: 'text',
    size: 'bigint',
    block_size: 'integer',
    uuid: 'text',
    type: 'text',
    label: 'text',
  },
  needs: 'live',
  *rows(context) {
    for (const { path } of context.tree.list(root)) yield rowOf(nameOf(path), context);
  },
});

function rowOf(name: string, context: TableContext): Record<string, string | number> {
  const real = context.tree.stat(`${root}/${name}`)?.path ?? '';
  const isPartition = attribute(context, `${real}/partition`) !== undefined;
  const disk = isPartition ? parentOf(real) : real;
  const known = udevFacts(attribute(context, `/run/udev/data/b${attribute(context, `${real}/dev`)}`) ?? '');
  const block_size = numberAttribute(context, `${disk}/queue/logical_block_size`) ?? 512;
  const read = (file: string): string => attribute(context, `${disk}/device/${file}`)?.trim() ?? '';
  return {
    name: `/dev/${name}`,
    parent: isPartition ? `/dev/${nameOf(disk)}` : '',
    vendor: read('vendor'),
    model: read('model'),
    serial: read('serial') === '' ? (known.get('ID_SERIAL_SHORT') ?? '') : read('serial'),
    size: Math.floor(((numberAttribute(context, `${real}/size`) ?? 0) * 512) / block_size),
    block_size,
    uuid: known.get('ID_FS_UUID') ?? '',
    type: known.get('ID_FS_TYPE') ?? uevent(context, real).get('DEVTYPE') ?? '',
    label: known.get('ID_FS_LABEL') ?? '',
  };
}

/** `E:KEY=value` lines of udev's database. */
function udevFacts(text: string): ReadonlyMap<string, string> {
  const facts = new Map<string, string>();
  for (const line of text.split('\n')) {
    const at = line.indexOf('=');
    if (line.startsWith('E:') && at > 0) facts.set(line.slice(2, at), line.slice(at + 1));
  }
  return facts;
}
