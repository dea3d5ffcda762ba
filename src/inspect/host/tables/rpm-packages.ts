import { defineHostTable } from '../table.ts';
import { installedPackages } from '../installed-packages.ts';

export const table = defineHostTable({
  id: 'rpm_packages',
  title: 'Packages that rpm knows',
  description:
    'From the database of rpm in any of its forms; `size`, `sha1`, `vendor` and `package_group` are not told.',
  columns: {
    name: 'text',
    version: 'text',
    release: 'text',
    source: 'text',
    size: 'bigint',
    sha1: 'text',
    arch: 'text',
    epoch: 'integer',
    install_time: 'integer',
    vendor: 'text',
    package_group: 'text',
  },
  hidden: { pid_with_namespace: 'integer', mount_namespace_id: 'text' },
  needs: 'root',
  *rows({ tree }) {
    for (const { name, version: full, source, architecture, installedAt } of installedPackages(tree, ['rpm'])) {
      const { epoch, version, release } =
        /^(?:(?<epoch>\d+):)?(?<version>[^-]*)-?(?<release>.*)$/.exec(full)?.groups ?? {};
      yield {
        name,
        version: version ?? full,
        release: release ?? '',
        source: source === undefined ? '' : `${source.name}-${source.version}.src.rpm`,
        arch: architecture ?? '',
        epoch: epoch === undefined ? null : Number(epoch),
        install_time: installedAt === undefined ? null : Math.floor(installedAt / 1e6),
      };
    }
  },
});
