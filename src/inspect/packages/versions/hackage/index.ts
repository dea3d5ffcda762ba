import { defineVersionOrder } from '../../version-order.ts';
import { compareDotted } from '../_shared/semver.ts';

export const order = defineVersionOrder({
  id: 'hackage',
  title: 'Haskell packages',
  description: 'Dotted numbers; the longer of two with the same beginning comes later.',
  references: ['https://pvp.haskell.org/'],
  ecosystems: ['Hackage', 'GHC'],
  isValid: (version) => /^\d+(?:\.\d+)*$/.test(version),
  compare: (left, right) => compareDotted(left.split('.'), right.split('.')),
});
