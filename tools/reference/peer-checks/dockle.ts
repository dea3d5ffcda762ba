import { quality, same, without, type PeerCheck } from './list.ts';

export const dockle: readonly PeerCheck[] = [
  same('CIS-DI-0001', 'user', 'root-user'),
  without(
    'CIS-DI-0002 CIS-DI-0005',
    'content trust',
    'signatures are verified by `image verify`, and asked for by the policy of `image index`',
  ),
  same('CIS-DI-0003', 'packages that are not needed', 'build-tools', 'package-leftovers'),
  {
    ids: ['CIS-DI-0004', 'CIS-DI-0011'],
    about: 'patches, verified packages',
    ours: ['old-image', 'unchecked-download', 'changed-program'],
    why: 'holes are found by `image scan`',
  },
  same('CIS-DI-0006', 'health check', 'no-healthcheck'),
  same('CIS-DI-0007', 'update alone', 'package-update-alone'),
  same('CIS-DI-0008', 'set-id programs', 'set-id-programs', 'wide-permissions'),
  same('CIS-DI-0009', 'ADD', 'add-instruction'),
  same('CIS-DI-0010', 'secrets', 'secret-in-environment', 'secret-in-file', 'secret-file', 'secret-in-history'),
  same('DKL-DI-0001', 'sudo', 'sudo'),
  same('DKL-DI-0002', 'volumes of the kernel', 'system-volume'),
  without('DKL-DI-0003 DKL-DI-0005', 'upgrades, lists of apt', quality),
  same('DKL-DI-0004', 'cache of apk', 'package-leftovers'),
  same('DKL-DI-0006', 'latest', 'unpinned-image'),
  same('DKL-LI-0001', 'empty passwords', 'empty-password'),
  {
    ids: ['DKL-LI-0002'],
    about: 'numbers of users and groups that stand twice',
    ours: ['shared-user-id', 'second-root'],
    why: 'groups may have several names',
  },
  {
    ids: ['DKL-LI-0003'],
    about: 'files that are not needed',
    ours: ['secret-file', 'build-tools'],
    why: `caches are left out: ${quality}`,
  },
];
