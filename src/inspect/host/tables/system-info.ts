import { arch, cpus, hostname, totalmem } from 'node:os';
import { attribute } from '../sysfs.ts';
import { readProcessors } from '../processors.ts';
import { defineHostTable } from '../table.ts';

const dmi = '/sys/class/dmi/id';

export const table = defineHostTable({
  id: 'system_info',
  title: 'The machine',
  description: 'From `/proc/cpuinfo` and `/sys/class/dmi/id`; serial numbers for root only.',
  columns: {
    hostname: 'text',
    uuid: 'text',
    cpu_type: 'text',
    cpu_subtype: 'text',
    cpu_brand: 'text',
    cpu_physical_cores: 'integer',
    cpu_logical_cores: 'integer',
    cpu_sockets: 'integer',
    cpu_microcode: 'text',
    physical_memory: 'bigint',
    hardware_vendor: 'text',
    hardware_model: 'text',
    hardware_version: 'text',
    hardware_serial: 'text',
    board_vendor: 'text',
    board_model: 'text',
    board_version: 'text',
    board_serial: 'text',
    computer_name: 'text',
    local_hostname: 'text',
  },
  hidden: { emulated_cpu_type: 'text' },
  needs: 'live',
  *rows(context) {
    const read = (name: string): string => attribute(context, `${dmi}/${name}`)?.trim() ?? '';
    const { sockets, cores, first } = readProcessors(context);
    const name = hostname();
    yield {
      hostname: name,
      uuid: read('product_uuid'),
      cpu_type: { x64: 'x86_64', arm64: 'aarch64' }[arch() as 'x64'] ?? arch(),
      cpu_subtype: first.get('model') ?? '',
      cpu_brand: first.get('model name') ?? '',
      cpu_physical_cores: cores,
      cpu_logical_cores: cpus().length,
      cpu_sockets: sockets,
      cpu_microcode: first.get('microcode') ?? '',
      physical_memory: totalmem(),
      hardware_vendor: read('sys_vendor'),
      hardware_model: read('product_name'),
      hardware_version: read('product_version'),
      hardware_serial: read('product_serial'),
      board_vendor: read('board_vendor'),
      board_model: read('board_name'),
      board_version: read('board_version'),
      board_serial: read('board_serial'),
      computer_name: name,
      local_hostname: name,
    };
  },
});
