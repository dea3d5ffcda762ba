import { defineVersionOrder } from '../../version-order.ts';
import { compareSemver, isSemver, parseSemver } from '../_shared/semver.ts';

export const order = defineVersionOrder({
  id: 'nuget',
  title: 'NuGet',
  description: 'Semantic Versioning with up to four numbers; words are compared without case.',
  references: ['https://learn.microsoft.com/en-us/nuget/concepts/package-versioning'],
  ecosystems: ['NuGet'],
  isValid: (version) =>
    isSemver(version) || /^\d+(?:\.\d+){0,3}(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?$/.test(version),
  compare: (left, right) => compareSemver(parseSemver(left.toLowerCase()), parseSemver(right.toLowerCase())),
});
