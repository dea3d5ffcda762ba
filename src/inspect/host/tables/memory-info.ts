import { defineHostTable } from '../table.ts';
export const table = defineHostTable({
  id: 'memory_info',
  title: 'Memory of the machine',
  description: 'From `/proc/meminfo`, in bytes.',
  columns: {
    memory_total: 'bigint',
    memory_free: 'bigint',
    memory_available: 'bigint',
    buffers: 'bigint',
    cached: 'bigint',
    swap_cached: 'bigint',
    active: 'bigint',
    inactive: 'bigint',
    swap_total: 'bigint',
    swap_free: 'bigint',
  },
  needs: 'live',
  *rows({ proc }) {
    const text = proc.text('meminfo');
    const values = new Map(
      text.split('\n').map((line) => {
        const [name = '', size = ''] = line.split(/:\s+/);
        return [name, Number.parseInt(size, 10) * 1024];
      }),
    );
    yield {
      memory_total: values.get('MemTotal'),
      memory_free: values.get('MemFree'),
      memory_available: values.get('MemAvailable'),
      buffers: values.get('Buffers'),
      cached: values.get('Cached'),
      swap_cached: values.get('SwapCached'),
      active: values.get('Active'),
      inactive: values.get('Inactive'),
      swap_total: values.get('SwapTotal'),
      swap_free: values.get('SwapFree'),
    };
  },
});
