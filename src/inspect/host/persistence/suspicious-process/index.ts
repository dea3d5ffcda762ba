import { isInterpreter } from '../../../../match/commands/programs.ts';
import { contentSigns } from '../../../../match/commands/signs.ts';
import { isHidden, isTemporary } from '../../../../match/commands/paths.ts';
import type { HostProcess } from '../../proc/process.ts';
import { executableSigns, processItem } from '../../process-item.ts';
import { defineTechnique, type Sign } from '../../technique.ts';

/** Weights of what a command line says that are told: weaker ones are how people work. */
const leastWeight = 0.5;
/** Where desktops mount programs that bring everything along. */
const usualPlace = /^\/tmp\/\.mount_/;

export const technique = defineTechnique({
  id: 'suspicious-process',
  title: 'Processes from odd places and with odd command lines',
  description:
    'Running programs and scripts whose file stands in a temporary or hidden place, and command lines that connect a shell, run what they download or decode, or mine coins.',
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
      const script = scriptSigns(process);
      if (!isOdd && said.length === 0 && script.length === 0) continue;
      const signs = [...said, ...script, ...(isOdd ? executableSigns(process, context) : [])];
      yield processItem(process, context, { title: 'process', signs });
    }
  },
});

/** An interpreter is as good as the script that it runs: the first word that is no option. */
function scriptSigns({ executable = '', argv }: HostProcess): Sign[] {
  const script = isInterpreter(executable) ? argv.slice(1, 20).find((word) => !word.startsWith('-')) : undefined;
  if (script?.startsWith('/') !== true) return [];
  const signs: Sign[] = [];
  if (isTemporary(script)) {
    // People try things out below /tmp; nobody develops in shared memory.
    const weight = script.startsWith('/dev/') ? 0.5 : 0.2;
    signs.push({ what: 'runs a script from where anybody may write', value: script, weight });
  }
  if (isHidden(script)) signs.push({ what: 'runs a script that is hidden', value: script, weight: 0.4 });
  return signs;
}
