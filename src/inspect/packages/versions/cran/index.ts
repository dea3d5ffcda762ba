import { defineVersionOrder } from '../../version-order.ts';
import { compareDotted } from '../_shared/semver.ts';

export const order = defineVersionOrder({
  id: 'cran',
  title: 'R packages',
  description:
    'Numbers parted by `.` or `-`, which mean the same; the longer of two with the same beginning comes later.',
  references: ['https://stat.ethz.ch/R-manual/R-devel/library/base/html/numeric_version.html'],
  ecosystems: ['CRAN', 'Bioconductor'],
  isValid: (version) => /^\d+(?:[.-]\d+)*$/.test(version),
  compare: (left, right) => compareDotted(left.split(/[.-]/), right.split(/[.-]/)),
});
