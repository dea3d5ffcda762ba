import { cpus } from 'node:os';
import { readProcessors } from '../processors.ts';
import { defineHostTable } from '../table.ts';

export const table = defineHostTable({
  id: 'cpu_info',
  title: 'Processors',
  description: 'From `/proc/cpuinfo`, one row for each socket; speeds in MHz.',
  columns: {
    device_id: 'text',
    model: 'text',
    manufacturer: 'text',
    processor_type: 'text',
    cpu_status: 'integer',
    number_of_cores: 'text',
    logical_processors: 'integer',
    address_width: 'text',
    current_clock_speed: 'integer',
    max_clock_speed: 'integer',
    socket_designation: 'text',
  },
  hidden: {
    availability: 'text',
    load_percentage: 'integer',
    number_of_efficiency_cores: 'integer',
    number_of_performance_cores: 'integer',
  },
  needs: 'live',
  *rows(context) {
    const { sockets, cores, first } = readProcessors(context);
    for (let socket = 0; socket < sockets; socket++) {
      yield {
        device_id: `CPU${socket}`,
        model: first.get('model name') ?? '',
        manufacturer: first.get('vendor_id') ?? '',
        number_of_cores: String(Math.ceil(cores / sockets)),
        logical_processors: Math.ceil(cpus().length / sockets),
        address_width: first.get('flags')?.split(' ').includes('lm') === true ? '64' : '',
        current_clock_speed: Math.round(Number(first.get('cpu MHz') ?? 0)),
      };
    }
  },
});
