import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeProcess, type FakeProcess } from '../../../tests/support/fake-proc.ts';
import { smallDebian } from '../../../tests/support/inspect-files.ts';
import { MemoryTree, type MemoryFile } from '../../../tests/support/memory-tree.ts';
import type { Claim } from '../claim.ts';
import { inspectHost } from './inspect-host.ts';
import { LiveHost } from './proc/live-host.ts';
import { ProcFolder } from './proc/proc-folder.ts';
import { elf } from '../../../tests/support/elf.ts';

let proc: string;
const files: Readonly<Record<string, MemoryFile>> = {
  ...smallDebian,
  '/tmp/build/root/etc/passwd': smallDebian['/etc/passwd'],
  '/tmp/build/root/var/lib/dpkg/status': smallDebian['/var/lib/dpkg/status'],
  '/tmp/own/etc/passwd': smallDebian['/etc/passwd'],
  '/opt/app/server': { content: elf('app'), mode: 0o755 },
  '/sys/class/net/eth0/flags': '0x1103\n',
  '/sys/class/net/veth1/flags': '0x1103\n',
  '/sys/class/net/veth1/master': { target: '../br0' },
  '/sys/class/net/eth1/flags': '0x1003\n',
};
/** Of whoever asks: over the log-ins, as engines do it over a container's names, and an ordinary one. */
const ownMounts = ['/var/log/wtmp', '/etc/hosts', '/srv/data']
  .map((point, index) => `${20 + index} 1 0:${index} / ${point} rw - tmpfs tmpfs rw\n`)
  .join('');

beforeAll(() => {
  proc = mkdtempSync(join(tmpdir(), 'vakthund-live-'));
  const line = (local: string, remote: string, state: string, inode: number): string =>
    `heading\n   0: ${local} ${remote} ${state} 0:0 0:0 0 0 0 ${inode} 1\n`;
  const processes: readonly FakeProcess[] = [
    { pid: 1, name: 'init', exe: '/usr/bin/dash' },
    { pid: 10, name: 'kworkerd', exe: '/var/tmp/.k/kworkerd (deleted)' },
    { pid: 11, name: 'dash', exe: '/usr/bin/dash (deleted)' },
    { pid: 12, name: 'jit', exe: '/memfd:jit (deleted)', argv: ['dbus-daemon'] },
    { pid: 13, name: 'runc', exe: '/memfd:runc_cloned:/proc/self/exe (deleted)', argv: ['runc', 'init'] },
    { pid: 14, name: 'kw0', exe: '/usr/local/bin/kw0', argv: ['[kworker/0:1-events]'] },
    { pid: 15, name: 'sshd', exe: '/opt/app/server', argv: ['/usr/sbin/sshd'] },
    { pid: 16, name: 'bash', exe: '/usr/bin/bash', descriptors: { 0: 'socket:[900]', 1: 'socket:[900]', 2: 'socket:[900]' }, net: { tcp: line('0100007F:8000', '097100CB:01BB', '01', 900) } },
    { pid: 17, name: 'sh', exe: '/usr/bin/dash', descriptors: { 0: 'pipe:[7]', 1: '/dev/null' } },
    { pid: 18, name: 'nc', exe: '/usr/bin/nc', descriptors: { 1: 'pipe:[7]', 3: 'socket:[901]' }, net: { tcp: line('0100007F:8001', '097100CB:01BB', '01', 901) } },
    { pid: 19, name: '.py', exe: '/dev/shm/.py', descriptors: { 3: 'socket:[902]' }, net: { tcp: line('00000000:7A69', '00000000:0000', '0A', 902) } },
    { pid: 20, name: 'server', exe: '/opt/app/server', descriptors: { 3: 'socket:[903]' }, net: { tcp: line('00000000:1F90', '00000000:0000', '0A', 903) } },
    { pid: 21, name: 'python3', exe: '/usr/bin/python3', descriptors: { 3: 'socket:[904]' }, net: { packet: 'heading\n0 3 3 0003 2 1 0 0 904\n' } },
    { pid: 22, name: 'ssh', exe: '/usr/bin/ssh', argv: ['ssh', '-NR', '8022:localhost:22', 'x@203.0.113.1'] },
    { pid: 23, name: 'dash', exe: '/usr/bin/dash', environment: 'LD_PRELOAD=/tmp/.x.so\0', maps: '5-6 r-xp 0 fd:00 9 /tmp/.x.so\n' },
    { pid: 24, name: 'sshd', exe: '/usr/sbin/sshd', tracer: 25 },
    { pid: 25, name: 'strace', exe: '/usr/bin/strace' },
    { pid: 26, name: 'dash', exe: '/usr/bin/dash', mountinfo: '1 1 0:1 / /proc/4711 rw - tmpfs tmpfs rw\n' },
    { pid: 27, name: 'agent', exe: '/opt/app/server', descriptors: { 4: 'anon_inode:bpf-prog' } },
    { pid: 28, name: 'm', exe: '/opt/app/server', argv: ['m', '-o', 'stratum+tcp://pool.example:3333'] },
    { pid: 29, name: 'a', exe: '/tmp/.a/run' },
    { pid: 31, name: 'jit', exe: '/memfd:runc_cloned:/proc/self/exe (deleted)', argv: ['dbus-daemon'] },
    { pid: 32, name: 'python3', exe: '/usr/bin/python3', argv: ['python3', '/srv/x.py'], descriptors: { 3: 'socket:[910]', 5: '/dev/ptmx' }, net: { tcp: line('0100007F:8002', '097100CB:01BB', '01', 910) } },
    { pid: 33, name: 'sh', exe: '/usr/bin/dash', parent: 32, descriptors: { 0: '/dev/pts/4' } },
    { pid: 34, name: 'sshd', exe: '/usr/sbin/sshd', descriptors: { 3: 'socket:[911]', 5: '/dev/ptmx' }, net: { tcp: line('0100007F:0016', '097100CB:C001', '01', 911) } },
    { pid: 35, name: 'bash', exe: '/usr/bin/bash', parent: 34, descriptors: { 0: '/dev/pts/5' } },
    { pid: 36, name: 'bash', exe: '/usr/bin/bash', descriptors: { 0: '/dev/null', 3: 'socket:[912]' }, net: { tcp: line('0100007F:8003', '097100CB:01BB', '01', 912) } },
    { pid: 37, name: 'python3', exe: '/usr/bin/python3', argv: ['python3', '-u', '/dev/shm/.a.py'] },
    { pid: 38, name: 'dpkg', exe: '/tmp/build/root/usr/bin/dpkg', root: '/tmp/build/root' },
    { pid: 39, name: 'x', exe: '/tmp/build/root/tmp/.x', root: '/tmp/build/root' },
    { pid: 40, name: 'x', exe: '/tmp/own/usr/bin/x', root: '/tmp/own' },
    { pid: 30, name: 'x', exe: '/srv/jail/tmp/.x', root: '/srv/jail' },
  ]; // prettier-ignore
  for (const process of processes) writeProcess(proc, process);
  mkdirSync(join(proc, 'self'));
  writeFileSync(join(proc, 'self/mountinfo'), ownMounts);
});
afterAll(() => rmSync(proc, { recursive: true, force: true }));

function inspect(technique: string, scope = {}): readonly Claim[] {
  const live = new LiveHost(new ProcFolder(proc), { self: 22_222, ...scope });
  return inspectHost(new MemoryTree(files), { live, only: [technique] }).claims;
}

describe('processes that betray themselves', () => {
  it.each([
    ['deleted-exe', '/proc/10', 'high'],
    ['memfd', '/proc/12', 'critical'],
    ['masquerade', '/proc/14', 'high'],
    ['masquerade', '/proc/15', 'high'],
    ['reverse-shell', '/proc/16', 'critical'],
    ['reverse-shell', '/proc/17', 'high'],
    ['memfd', '/proc/31', 'critical'],
    ['reverse-shell', '/proc/33', 'high'],
    ['reverse-shell', '/proc/36', 'medium'],
    ['suspicious-process', '/proc/37', 'high'],
    ['listener', '/proc/19', 'high'],
    ['packet-socket', '/proc/21', 'high'],
    ['tunnel', '/proc/22', 'low'],
    ['injected-library/preload', '/proc/23', 'high'],
    ['injected-library/mapped', '/proc/23', 'medium'],
    ['traced', '/proc/24', 'high'],
    ['hidden-process', '/proc/4711', 'high'],
    ['ebpf/holder', '/proc/27', 'low'],
    ['hidden-mount', '/var/log/wtmp', 'medium'],
    ['promiscuous', '/sys/class/net/eth0', 'low'],
    ['suspicious-process', '/proc/28', 'high'],
    ['suspicious-process', '/proc/29', 'high'],
    ['suspicious-process', '/proc/38', 'low'],
    ['suspicious-process', '/proc/39', 'high'],
    ['suspicious-process', '/proc/40', 'medium'],
  ])('%s at %s is %s', (detector, path, severity) => {
    const claims = inspect(detector.split('/')[0] ?? '');
    const claim = claims.find((one) => one.path === path && one.detector === `persistence/${detector}`);
    expect(claim?.severity).toBe(severity);
  });

  it.each([
    ['a program that an update replaced', 'deleted-exe', '/proc/11'],
    ['the copy that runc makes of itself', 'memfd', '/proc/13'],
    ['a login of sshd', 'reverse-shell', '/proc/35'],
    ['a service that listens', 'listener', '/proc/20'],
    ['an ordinary process', 'masquerade', '/proc/1'],
    ['what an engine mounts into a container', 'hidden-mount', '/etc/hosts'],
    ['a mount of data', 'hidden-mount', '/srv/data'],
    ['a port of a bridge', 'promiscuous', '/sys/class/net/veth1'],
    ['an interface that takes its own packets', 'promiscuous', '/sys/class/net/eth1'],
  ])('%s is none', (_name, technique, path) => {
    const severities = inspect(technique)
      .filter((claim) => claim.path === path)
      .map(({ severity }) => severity);
    expect(severities.filter((severity) => severity !== 'low')).toEqual([]);
  });

  it('says which program, command line and far end', () => {
    expect(inspect('reverse-shell').find(({ path }) => path === '/proc/16')).toMatchObject({
      title: 'shell that talks to the network that has a connection as its input and output',
      entities: [
        { kind: 'process', value: '/16/bash' },
        { kind: 'executable', value: '/usr/bin/bash' },
        { kind: 'user', value: 'root' },
        { kind: 'address', value: '203.0.113.9' },
      ],
      next: expect.stringContaining('/proc/16/exe') as string,
    });
  });

  it('of a chroot are told by its paths, and others are left out', () => {
    const live = new LiveHost(new ProcFolder(proc), { root: '/srv/jail' });
    expect(live.processes().map(({ pid, executable }) => [pid, executable])).toEqual([[30, '/tmp/.x']]);
    expect(live.isWholeHost).toBe(false);
  });

  it('are not there in a root, which is said', () => {
    const { notChecked, ran } = inspectHost(new MemoryTree(files));
    expect(notChecked.map(({ what }) => what)).toContain('processes and connections');
    expect(ran).not.toContain('persistence/memfd');
  });
});
