import { processItem } from '../../process-item.ts';
import { isHidden, isTemporary } from '../../../../match/commands/paths.ts';
import { defineTechnique, type Sign } from '../../technique.ts';

/** Packages keep programs in folders with their version, which an update takes away. */
const packageFolder = /^\/(?:usr\/(?!local\/)|s?bin\/|lib|snap\/)/;

export const technique = defineTechnique({
  id: 'deleted-exe',
  title: 'Processes whose program was deleted',
  description:
    'Running programs without a file: malware removes its own after the start. After an update the same happens to honest ones, but then a new file stands at the same path.',
  places: ['/proc/*/exe'],
  attack: ['T1070.004'],
  guide: ['B03'],
  references: ['https://attack.mitre.org/techniques/T1070/004/'],
  needs: 'live',
  *find(context) {
    for (const process of context.live?.processes() ?? []) {
      const { executable, isDeleted } = process;
      if (!isDeleted || executable === undefined || executable.startsWith('/memfd:')) continue;
      const isReplaced = context.tree.stat(executable)?.type === 'file';
      const signs: Sign[] = isReplaced
        ? [{ what: 'was replaced by a newer file', value: executable, weight: 0.05 }]
        : [
            {
              what: 'runs from a deleted file',
              value: executable,
              weight: packageFolder.test(executable) ? 0.35 : 0.45,
            },
          ];
      if (isTemporary(executable)) {
        signs.push({ what: 'ran from where anybody may write', value: executable, weight: 0.5 });
      }
      if (isHidden(executable)) signs.push({ what: 'ran from a hidden place', value: executable, weight: 0.45 });
      yield processItem(process, context, { title: 'process whose program was deleted', signs });
    }
  },
});
