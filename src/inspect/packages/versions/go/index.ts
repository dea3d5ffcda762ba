import { defineVersionOrder } from '../../version-order.ts';
import { compareSemver, isSemver, parseSemver, type SemverParts } from '../_shared/semver.ts';

export const order = defineVersionOrder({
  id: 'go',
  title: 'Go modules',
  description:
    'Semantic Versioning with a leading `v`, pseudo-versions of commits among them; `+incompatible` does not count. Versions of the toolchain (`go1.21rc2`) are ordered as `1.21.0-rc.2`.',
  references: ['https://go.dev/ref/mod#versions', 'https://go.dev/doc/toolchain#version'],
  ecosystems: ['Go'],
  isValid: (version) => isSemver(version.replace(/^v/, '')) || toolchain.test(version),
  compare: (left, right) => compareSemver(parse(left), parse(right)),
});

const toolchain = /^(?:go)?(?<release>\d+(?:\.\d+)*)(?:(?<word>beta|rc)(?<number>\d+))?$/;

function parse(version: string): SemverParts {
  const { release, word, number } = toolchain.exec(version)?.groups ?? {};
  if (release === undefined) return parseSemver(version);
  return {
    release: release.split('.'),
    prerelease: word === undefined || number === undefined ? [] : [word, number],
    build: [],
  };
}
