import { executableSigns, isPackagedProgram, processItem } from '../../process-item.ts';
import { walkTree } from '../../../tree/tree.ts';
import { defineTechnique } from '../../technique.ts';

const maxPinned = 10_000;

export const technique = defineTechnique({
  id: 'ebpf',
  title: 'Programs in the kernel (eBPF)',
  description:
    'Processes of no package that hold eBPF programs, and programs that were pinned so that they outlive who loaded them. Network plug-ins and sensors from packages do both.',
  places: ['/proc/*/fd', '/sys/fs/bpf/**'],
  attack: ['T1014'],
  guide: ['B03', 'B27'],
  references: ['https://attack.mitre.org/techniques/T1014/'],
  needs: 'live',
  *find(context) {
    const { live, tree } = context;
    if (live === undefined) return;
    for (const process of live.processes()) {
      const programs = live.descriptors(process.pid).filter(({ target }) => target === 'anon_inode:bpf-prog').length;
      if (programs === 0 || isPackagedProgram(process, context)) continue;
      yield processItem(process, context, {
        title: 'process with programs in the kernel',
        rule: 'holder',
        signs: [
          { what: 'holds programs in the kernel', value: String(programs), weight: 0.3 },
          ...executableSigns(process, context),
        ],
      });
    }
    if (!live.isWholeHost) return;
    let count = 0;
    for (const { path, type } of walkTree(tree, '/sys/fs/bpf')) {
      if (++count > maxPinned) {
        context.notChecked('/sys/fs/bpf', `more than ${maxPinned} names; the rest was not looked at`);
        return;
      }
      if (type !== 'file') continue;
      yield {
        path,
        rule: 'pinned',
        title: 'object that outlives its loader',
        unowned: 0,
        isJudgedAnyway: true,
        signs: [{ what: 'is pinned in the kernel', value: path, weight: 0.15 }],
      };
    }
  },
});
