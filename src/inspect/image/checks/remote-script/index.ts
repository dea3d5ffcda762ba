import { defineCheck } from '../../check.ts';
import { programOf, shellCommands } from '../../inputs/shell.ts';
import { cwe } from '../_shared/references.ts';
import { isDownloader, isShell, runCommands } from '../_shared/run-commands.ts';

export const check = defineCheck({
  id: 'remote-script',
  title: 'script that is run straight from the network',
  severity: 'medium',
  why: 'Whoever owns the server, the name or the way to it runs what he likes in the build, and in every image that comes of it.',
  fix: 'load it with a checksum (`ADD --checksum=…`), look at it, and run the file',
  vanishes: 'the script were checked before it is run',
  references: cwe(494),
  guide: ['C10', 'B26'],
  attack: ['T1105', 'T1059.004', 'T1195.002'],
  *build(build) {
    for (const { instruction, program, words, from } of runCommands(build)) {
      const isPiped = isShell(program) && from !== undefined && isDownloader(programOf(from));
      const substituted = isShell(program)
        ? words.find((word) => /(?:\$\(|`|<\()\s*(?:curl|wget)\b/.test(word))
        : undefined;
      if (isPiped || substituted !== undefined) {
        yield { at: instruction.at, what: `runs in ${program} what it loads from the network` };
      }
    }
  },
  *workload({ command, at }) {
    const commands = shellCommands(command.join('\n'));
    for (const [index, part] of commands.entries()) {
      const from = part.after === '|' ? commands[index - 1] : undefined;
      if (isShell(programOf(part)) && from !== undefined && isDownloader(programOf(from))) {
        yield { at, what: 'runs what it loads from the network each time it starts', severity: 'high' };
      }
    }
  },
});
