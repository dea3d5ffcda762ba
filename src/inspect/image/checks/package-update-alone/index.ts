import { defineCheck } from '../../check.ts';
import { cis } from '../_shared/references.ts';
import { installedPackages, runCommands } from '../_shared/run-commands.ts';

const updates: Readonly<Record<string, readonly string[]>> = {
  'apt-get': ['update'],
  apt: ['update'],
  apk: ['update'],
  yum: ['makecache'],
  dnf: ['makecache'],
  zypper: ['refresh', 'ref'],
};

export const check = defineCheck({
  id: 'package-update-alone',
  title: 'list of packages that grows old in a layer',
  severity: 'low',
  why: 'The layer with the list is taken from the cache for months, and old versions with known holes are installed.',
  fix: 'update and install in one RUN: `apt-get update && apt-get install -y …`',
  vanishes: 'update and install were one RUN',
  references: cis('4.7'),
  guide: ['C08'],
  attack: [],
  *build(build) {
    const commands = runCommands(build);
    for (const { instruction, program, words } of commands) {
      if (updates[program]?.some((verb) => words.includes(verb)) !== true) continue;
      const installs = commands.some(
        (other) =>
          other.instruction === instruction && (installedPackages(other) !== undefined || isUpgrade(other.words)),
      );
      if (!installs) yield { at: instruction.at, what: `runs ${program} ${words[1] ?? ''} alone` };
    }
  },
});

function isUpgrade(words: readonly string[]): boolean {
  return words.some((word) => /^(?:dist-|full-)?upgrade$/.test(word));
}
