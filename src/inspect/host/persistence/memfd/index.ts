import { nameOf } from '../../../tree/tree.ts';
import { processItem } from '../../process-item.ts';
import { defineTechnique } from '../../technique.ts';

/** runc copies itself into memory so that a container cannot change it; the others are what runtimes do. Anybody may take such a name: they call themselves alike. */
const usual = /^\/memfd:(?<tool>runc|crun|lxc|snap)(?:_cloned:\S*|-\S+)$/;

export const technique = defineTechnique({
  id: 'memfd',
  title: 'Processes that never were a file',
  description:
    'Programs that were written to memory (memfd_create) and started from there. Only container runtimes do that with honest intent, and are known by name.',
  places: ['/proc/*/exe'],
  attack: ['T1620'],
  guide: ['B03'],
  references: [
    'https://attack.mitre.org/techniques/T1620/',
    'https://man7.org/linux/man-pages/man2/memfd_create.2.html',
  ],
  needs: 'live',
  *find(context) {
    for (const process of context.live?.processes() ?? []) {
      const { executable = '', argv } = process;
      if (!executable.startsWith('/memfd:')) continue;
      const tool = usual.exec(executable)?.groups?.['tool'];
      const isUsual = tool !== undefined && nameOf(argv[0] ?? '').startsWith(tool);
      const weight = isUsual ? 0.1 : 0.92;
      const signs = [
        { what: 'runs out of memory only', value: executable, weight },
        { what: 'calls itself', value: argv[0] ?? '', weight: 0 },
      ];
      yield processItem(process, context, { title: 'process without a file', signs });
    }
  },
});
