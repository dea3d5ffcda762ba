import { attribute } from '../sysfs.ts';
import { defineHostTable } from '../table.ts';

export const table = defineHostTable({
  id: 'platform_info',
  title: 'Firmware of the machine',
  description: 'From `/sys/class/dmi/id`; a machine without that has no row.',
  columns: {
    vendor: 'text',
    version: 'text',
    date: 'text',
    revision: 'text',
    extra: 'text',
    firmware_type: 'text',
    address: 'text',
    size: 'text',
    volume_size: 'integer',
  },
  needs: 'live',
  *rows(context) {
    const read = (name: string): string => attribute(context, `/sys/class/dmi/id/${name}`)?.trim() ?? '';
    if (read('bios_vendor') === '' && read('bios_version') === '') return;
    yield {
      vendor: read('bios_vendor'),
      version: read('bios_version'),
      date: read('bios_date'),
      revision: read('bios_release'),
      firmware_type: context.tree.stat('/sys/firmware/efi') === undefined ? 'bios' : 'uefi',
    };
  },
});
