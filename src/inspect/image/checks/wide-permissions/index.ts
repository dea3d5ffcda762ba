import { defineCheck } from '../../check.ts';
import { cis } from '../_shared/references.ts';
import { runCommands } from '../_shared/run-commands.ts';

export const check = defineCheck({
  id: 'wide-permissions',
  title: 'files that everybody may write, or that lend rights',
  severity: 'medium',
  why: 'What everybody may write, an attacker changes; what has a set-id bit lends him the rights of its owner.',
  fix: 'give the files to the user of the container (`COPY --chown`), and take the bits away',
  vanishes: 'only the owner could write, and no bit were set',
  references: cis('4.8'),
  guide: ['C01'],
  attack: ['T1222.002', 'T1548.001'],
  *build(build) {
    for (const { instruction, program, words } of runCommands(build)) {
      if (program !== 'chmod') continue;
      const mode = words.slice(1).find((word) => !/^-[a-zA-Z-]*$/.test(word) || /^-[st]$/.test(word)) ?? '';
      const what = faultOf(mode);
      if (what !== undefined) yield { at: instruction.at, what: `${what}: chmod ${mode}` };
    }
    for (const { name, flags, at } of build.stages.flatMap(({ instructions }) => instructions)) {
      const mode = name === 'COPY' || name === 'ADD' ? flags.find((flag) => flag.startsWith('--chmod=')) : undefined;
      const what = mode === undefined ? undefined : faultOf(mode.slice('--chmod='.length));
      if (what !== undefined) yield { at, what: `${what}: ${name} ${mode}` };
    }
  },
});

/** What a mode of chmod(1) gives away. */
function faultOf(mode: string): string | undefined {
  if (
    /^0?[0-7]?[0-7][0-7][2367]$/.test(mode) ||
    /(?:^|,)(?:[ugo]*[oa][ugo]*)?\+[rx]*w/.test(mode.replace(/^u\+.*/, ''))
  ) {
    return 'lets everybody write';
  }
  return /^0?[4-7][0-7]{3}$/.test(mode) || /(?:^|,)[ug]*\+[rwx]*s/.test(mode) ? 'sets a set-id bit' : undefined;
}
