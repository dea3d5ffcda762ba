import { defineCheck, type Fault } from '../../check.ts';
import type { Located } from '../../inputs/place.ts';
import { cis } from '../_shared/references.ts';
import { compareReleases } from '../_shared/releases.ts';
import { engineEndOfLife, escapes } from './known.ts';

export const check = defineCheck({
  id: 'engine-outdated',
  title: 'engine with known holes',
  severity: 'high',
  why: 'Escapes from containers were found in these versions, and programs to make use of them are public.',
  fix: 'update the engine, containerd and runc',
  vanishes: 'the version were a later one',
  references: cis('1.2.2'),
  guide: ['C08'],
  attack: ['T1611'],
  *engine({ versions }) {
    for (const [component, version] of versions) {
      // Distributions mend old versions: which ones, only their own advisories tell.
      const isMended = /[+~](?:dfsg|ds|deb|ubuntu|git|fc|el)/i.test(version.value);
      yield* holesOf(component, version, isMended);
      if (component === 'engine') yield* endOf(version, isMended);
    }
  },
});

function* holesOf(component: string, { value, at }: Located<string>, isMended: boolean): Generator<Fault> {
  for (const { id, fixed, what } of escapes.filter((escape) => escape.component === component)) {
    const branch = fixed.find((release) => sameBranch(release, value)) ?? fixed.at(-1) ?? '';
    if (compareReleases(value, branch) >= 0) continue;
    yield {
      at,
      what: `${verbOf(component)} ${value}, in which ${what} (${id}, fixed in ${branch})${isMended ? '; the distribution may have mended it' : ''}`,
      severity: isMended ? 'low' : 'high',
      score: isMended ? 0.4 : 1,
      entities: [{ kind: 'vulnerability', value: id }],
    };
  }
}

function* endOf({ value, at }: Located<string>, isMended: boolean): Generator<Fault> {
  const end = engineEndOfLife.find(({ cycle }) => value === cycle || value.startsWith(`${cycle}.`));
  if (end === undefined) return;
  yield {
    at,
    what: `is version ${value}, which its makers stopped mending on ${end.on}${isMended ? '; the distribution may go on' : ''}`,
    severity: isMended ? 'low' : 'medium',
    score: isMended ? 0.5 : 1,
  };
}

function verbOf(component: string): string {
  return component === 'engine' ? 'is version' : `runs ${component}`;
}

/** The same major and minor number. */
function sameBranch(release: string, version: string): boolean {
  return release.split('.', 2).join('.') === version.replace(/^v/, '').split('.', 2).join('.');
}
