import { defineCheck } from '../../check.ts';
import { cis } from '../_shared/references.ts';
import { installedPackages, imageCommands } from '../_shared/run-commands.ts';

export const check = defineCheck({
  id: 'package-leftovers',
  title: 'packages that nobody asked for',
  severity: 'info',
  why: 'Everything that is installed besides is one more thing with holes, and one more tool for an attacker.',
  fix: 'use `apt-get install --no-install-recommends` and `apk add --no-cache`',
  vanishes: 'only what is needed were installed',
  references: cis('4.3'),
  guide: ['C06'],
  attack: [],
  *build(build) {
    const keepsOut = build.stages.some(({ instructions }) =>
      instructions.some(({ text }) => /APT::Install-Recommends["\s]+(?:"?false|"?0)/i.test(text)),
    );
    for (const command of imageCommands(build)) {
      const { instruction, program, words } = command;
      if (installedPackages(command) === undefined) continue;
      if (
        /^apt(?:-get)?$/.test(program) &&
        !keepsOut &&
        !words.some((word) => /no-install-recommends|Install-Recommends=(?:false|0)/.test(word))
      ) {
        yield { at: instruction.at, what: `installs what ${program} recommends besides` };
      } else if (program === 'apk' && !words.includes('--no-cache')) {
        yield { at: instruction.at, what: 'leaves the cache of apk in the layer' };
      }
    }
  },
});
