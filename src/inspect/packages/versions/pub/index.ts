import { defineVersionOrder } from '../../version-order.ts';
import { compareDotted, comparePrerelease, compareRelease, isSemver, parseSemver } from '../_shared/semver.ts';

export const order = defineVersionOrder({
  id: 'pub',
  title: 'Dart packages',
  description: 'Semantic Versioning, but build metadata counts: a version with it comes after the one without.',
  references: ['https://pub.dev/documentation/pub_semver/latest/pub_semver/Version/compareTo.html'],
  ecosystems: ['Pub'],
  isValid: isSemver,
  compare(left, right) {
    const [a, b] = [parseSemver(left), parseSemver(right)];
    return (
      compareRelease(a.release, b.release) ||
      comparePrerelease(a.prerelease, b.prerelease) ||
      compareDotted(a.build, b.build)
    );
  },
});
