import { defineVersionOrder } from '../../version-order.ts';
import { compareSemver, isSemver, parseSemver } from '../_shared/semver.ts';

export const order = defineVersionOrder({
  id: 'semver',
  title: 'Semantic Versioning',
  description:
    'Three numbers, then words of a pre-release that come before the release; build metadata does not count. A leading `v`, fewer or more numbers and numbers of any length are taken too.',
  references: ['https://semver.org/spec/v2.0.0.html'],
  ecosystems: ['npm', 'crates.io', 'Hex', 'SwiftURL', 'Bitnami', 'GitHub Actions', 'ConanCenter', 'Julia', 'VSCode'],
  isValid: isSemver,
  compare: (left, right) => compareSemver(parseSemver(left), parseSemver(right)),
});
