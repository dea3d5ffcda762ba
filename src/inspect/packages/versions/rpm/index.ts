import { defineVersionOrder } from '../../version-order.ts';
import { compareNumbers } from '../_shared/compare.ts';
import { compareRpmLabels } from './compare-labels.ts';

export const order = defineVersionOrder({
  id: 'rpm',
  title: 'RPM packages',
  description:
    'Epoch, version and release, each of runs of digits and of letters; signs between only part them. `~` comes before the end, `^` right after it, letters before numbers. A missing epoch is 0.',
  references: [
    'https://rpm-software-management.github.io/rpm/manual/dependencies.html#versioning',
    'https://fedoraproject.org/wiki/Archive:Tools/RPM/VersionComparison',
  ],
  ecosystems: [
    'Red Hat',
    'Rocky Linux',
    'AlmaLinux',
    'SUSE',
    'openSUSE',
    'Mageia',
    'openEuler',
    'Photon OS',
    'Azure Linux',
    'Amazon Linux',
    'Oracle Linux',
    'CentOS',
    'Fedora',
  ],
  isValid: (version) => /^(?:\d+:)?[^\s:-]+(?:-[^\s:-]+)?$/.test(version),
  compare(left, right) {
    const [a, b] = [split(left), split(right)];
    return (
      compareNumbers(a.epoch, b.epoch) ||
      compareRpmLabels(a.version, b.version) ||
      Number(a.release !== undefined) - Number(b.release !== undefined) ||
      compareRpmLabels(a.release ?? '', b.release ?? '')
    );
  },
});

interface Parts {
  readonly epoch: string;
  readonly version: string;
  /** Undefined when there is none: below every one, the empty one too. */
  readonly release: string | undefined;
}

function split(text: string): Parts {
  const epoch = /^\d+(?=:)/.exec(text)?.[0];
  const rest = epoch === undefined ? text : text.slice(epoch.length + 1);
  const dash = rest.indexOf('-');
  return {
    epoch: epoch ?? '0',
    version: dash < 0 ? rest : rest.slice(0, dash),
    release: dash < 0 ? undefined : rest.slice(dash + 1),
  };
}
