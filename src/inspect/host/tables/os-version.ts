import { arch } from 'node:os';
import { defineHostTable } from '../table.ts';
import { shellValues } from '../../packages/distribution.ts';

export const table = defineHostTable({
  id: 'os_version',
  title: 'The distribution',
  description: 'From `os-release`; `arch` is that of the running machine and unknown of a root.',
  columns: {
    name: 'text',
    version: 'text',
    major: 'integer',
    minor: 'integer',
    patch: 'integer',
    build: 'text',
    platform: 'text',
    platform_like: 'text',
    codename: 'text',
    arch: 'text',
  },
  hidden: {
    extra: 'text',
    install_date: 'bigint',
    revision: 'integer',
    pid_with_namespace: 'integer',
    mount_namespace_id: 'text',
  },
  needs: 'root',
  *rows(context) {
    const values = shellValues(context.text('/etc/os-release') ?? context.text('/usr/lib/os-release') ?? '');
    if (values.size === 0) return;
    const [major, minor, patch] = (values.get('VERSION_ID') ?? '').split('.').map(Number);
    yield {
      name: values.get('NAME') ?? '',
      version: values.get('VERSION') ?? values.get('VERSION_ID') ?? '',
      major: major ?? 0,
      minor: minor ?? 0,
      patch: patch ?? 0,
      build: values.get('BUILD_ID') ?? '',
      platform: values.get('ID') ?? '',
      platform_like: values.get('ID_LIKE') ?? values.get('ID') ?? '',
      codename: values.get('VERSION_CODENAME') ?? '',
      arch: context.isLive ? (architectures[arch()] ?? arch()) : '',
    };
  },
});

const architectures: Readonly<Record<string, string>> = { x64: 'x86_64', arm64: 'aarch64', ia32: 'i686' };
