import { defineHostTable } from '../table.ts';
export const table = defineHostTable({
  id: 'memory_map',
  title: 'Regions of physical memory',
  description: 'From `/proc/iomem`; the addresses are 0 for anybody but root.',
  columns: { name: 'text', start: 'text', end: 'text' },
  needs: 'live',
  *rows({ proc }) {
    for (const line of proc.text('iomem').split('\n')) {
      const fields = /^\s*(?<start>[0-9a-f]+)-(?<end>[0-9a-f]+) : (?<name>.*)$/.exec(line)?.groups;
      if (fields === undefined) continue;
      yield { name: fields['name'] ?? '', start: `0x${fields['start']}`, end: `0x${fields['end']}` };
    }
  },
});
