import { defineCheck } from '../../check.ts';
import { docs } from '../_shared/references.ts';
import { runCommands } from '../_shared/run-commands.ts';

export const check = defineCheck({
  id: 'run-cd',
  title: 'folder that is changed inside of RUN',
  severity: 'info',
  why: 'The folder holds for this RUN only: the next step works in another one than its reader thinks.',
  fix: 'use WORKDIR with an absolute path',
  vanishes: 'WORKDIR were used',
  references: docs('https://docs.docker.com/build/building/best-practices/#workdir'),
  guide: [],
  attack: [],
  *build(build) {
    const seen = new Set<number>();
    for (const { instruction, program, words } of runCommands(build)) {
      const { line = 0 } = instruction.at;
      if (program !== 'cd' || !/^(?:\/|\.\.)/.test(words[1] ?? '') || seen.has(line)) continue;
      seen.add(line);
      yield { at: instruction.at, what: `changes to ${words[1] ?? ''} inside of RUN` };
    }
  },
});
