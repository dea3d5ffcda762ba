import { attribute } from '../sysfs.ts';
import { defineHostTable } from '../table.ts';

export const table = defineHostTable({
  id: 'kernel_info',
  title: 'The running kernel',
  description: 'From `/proc/sys/kernel/osrelease` and `/proc/cmdline`.',
  columns: { version: 'text', arguments: 'text', path: 'text', device: 'text' },
  needs: 'live',
  *rows(context) {
    const version = attribute(context, '/proc/sys/kernel/osrelease') ?? '';
    const words = (attribute(context, '/proc/cmdline') ?? '').split(' ').filter((word) => word !== '');
    const valueOf = (key: string): string =>
      words.find((word) => word.startsWith(`${key}=`))?.slice(key.length + 1) ?? '';
    const rest = words.filter((word) => !word.startsWith('BOOT_IMAGE=') && !word.startsWith('root='));
    yield { version, arguments: rest.join(' '), path: valueOf('BOOT_IMAGE'), device: valueOf('root') };
  },
});
