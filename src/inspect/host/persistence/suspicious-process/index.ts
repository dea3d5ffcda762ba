import { contentSigns } from '../../content/signs.ts';
import { isHidden, isTemporary } from '../../paths.ts';
import { executableSigns, processItem } from '../../process-item.ts';
import { defineTechnique } from '../../technique.ts';

/** Weights of what a command line says that are told: weaker ones are how people work. */
const leastWeight = 0.5;
/** Where desktops mount programs that bring everything along. */
const usualPlace = /^\/tmp\/\.mount_/;

export const technique = defineTechnique({
  id: 'suspicious-process',
  title: 'Processes from odd places and with odd command lines',
  description:
    'Running programs whose file stands in a temporary or hidden place, and command lines that connect a shell, run what they download or decode, or mine coins.',
  places: ['/proc/*/exe', '/proc/*/cmdline'],
  attack: ['T1059', 'T1036.005'],
  guide: ['B03'],
  references: ['https://attack.mitre.org/techniques/T1059/'],
  needs: 'live',
  *find(context) {
    for (const process of context.live?.processes() ?? []) {
      const { executable = '', isDeleted, argv } = process;
      const isFile = executable.startsWith('/') && !isDeleted && !executable.startsWith('/memfd:');
      const isOdd = isFile && (isTemporary(executable) || isHidden(executable)) && !usualPlace.test(executable);
      const said = contentSigns(argv.slice(0, 100).join(' ')).filter(
        ({ what, weight }) => weight >= leastWeight && !what.startsWith('runs what '),
      );
      if (!isOdd && said.length === 0) continue;
      const signs = [...said, ...(isOdd ? executableSigns(process, context) : [])];
      yield processItem(process, context, { title: 'process', signs });
    }
  },
});
