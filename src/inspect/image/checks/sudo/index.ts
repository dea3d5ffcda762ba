import { defineCheck } from '../../check.ts';
import { shellCommands } from '../../inputs/shell.ts';
import { docs } from '../_shared/references.ts';
import { installedPackages, imageCommands } from '../_shared/run-commands.ts';

export const check = defineCheck({
  id: 'sudo',
  title: 'sudo inside of an image',
  severity: 'low',
  why: 'It leads from the user of the container back to root, often without a password.',
  fix: 'do as root what needs root, before `USER`',
  vanishes: 'sudo were not there',
  references: docs('https://docs.docker.com/build/building/best-practices/#user'),
  guide: ['C01'],
  attack: ['T1548.003'],
  *workload({ command, at }) {
    // A word after the program is an argument, and may be anything.
    const runs = shellCommands(command.join(' ')).some(({ words }) => /^(?:.*\/)?sudo$/.test(words[0] ?? ''));
    if (runs) yield { at, what: 'is started by sudo' };
  },
  *build(build) {
    for (const command of imageCommands(build)) {
      const { instruction } = command;
      if (/NOPASSWD/.test(command.command.words.join(' '))) {
        yield { at: instruction.at, what: 'lets a user become root without a password', severity: 'medium' };
      } else if (installedPackages(command)?.includes('sudo') === true) {
        yield { at: instruction.at, what: 'installs sudo' };
      } else if (/^(?:.*\/)?sudo$/.test(command.command.words[0] ?? '')) {
        yield {
          at: instruction.at,
          what: `runs ${command.program === '' ? 'sudo' : `${command.program} with sudo`}`,
          severity: 'info',
        };
      }
    }
  },
});
