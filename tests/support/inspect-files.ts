import { createHash } from 'node:crypto';
import type { Claim } from '../../src/inspect/claim.ts';
import { inspectHost } from '../../src/inspect/host/inspect-host.ts';
import { MemoryTree, type MemoryFile } from './memory-tree.ts';
import { elf } from './elf.ts';

const shell = elf('shell');
const cat = elf('cat');
const md5 = (text: string): string => createHash('md5').update(text).digest('hex');
const crontab = '17 * * * * root cd / && run-parts --report /etc/cron.hourly\n';

/** A small Debian: a package that owns a shell, some commands and a crontab, and the accounts root, www-data and dev. */
export const smallDebian = {
  '/etc/os-release': 'ID=debian\nVERSION_ID="12"\n',
  '/etc/passwd': [
    'root:x:0:0:root:/root:/bin/bash',
    'www-data:x:33:33:www-data:/var/www:/usr/sbin/nologin',
    'dev:x:1000:1000::/home/dev:/bin/bash',
    '',
  ].join('\n'),
  '/etc/shadow': 'root:*:1::::::\nwww-data:*:1::::::\ndev:$y$j9T$abcdefgh$ijklmnop:1::::::\n',
  '/etc/group': 'root:x:0:\nsudo:x:27:dev\n',
  '/usr/bin/dash': { content: shell, mode: 0o755 },
  '/usr/bin/cat': { content: cat, mode: 0o755 },
  '/bin': { target: 'usr/bin' },
  '/etc/crontab': crontab,
  '/var/lib/dpkg/status': `Package: base\nStatus: install ok installed\nVersion: 1\nArchitecture: amd64\nConffiles:\n /etc/crontab ${md5(crontab)}\n`,
  '/var/lib/dpkg/info/base.list': '/.\n/bin/dash\n/bin/cat\n/etc/crontab\n',
  '/var/lib/dpkg/info/base.md5sums': `${md5(shell)}  bin/dash\n${md5(cat)}  bin/cat\n`,
} satisfies Readonly<Record<string, MemoryFile>>;

/** What is found in a small Debian with more or other files, by one technique or by all. */
export function inspectFiles(files: Readonly<Record<string, MemoryFile>>, technique?: string): readonly Claim[] {
  const tree = new MemoryTree({ ...smallDebian, ...files });
  return inspectHost(tree, technique === undefined ? {} : { only: [technique] }).claims;
}
