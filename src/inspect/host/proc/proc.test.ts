import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readDescriptors, socketInodeOf } from './descriptors.ts';
import { readMemoryMap } from './memory-map.ts';
import { ProcFolder } from './proc-folder.ts';
import { readBootTime, readEnvironment, readProcess, readProcesses, startTimeOf } from './process.ts';
import { readSockets } from './sockets.ts';

let root: string;
let proc: ProcFolder;

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'vakthund-proc-'));
  proc = new ProcFolder(root);
  for (const folder of ['7/net', '7/ns', '7/fd', 'self']) mkdirSync(join(root, folder), { recursive: true });
  const files = {
    stat: 'cpu 1 2\nbtime 1700000000\n',
    '7/stat':
      '7 (a) b (c) S 1 7 7 34816 7 4194560 1 2 3 4 250 50 0 0 20 -5 3 0 12345 4096000 25 18446744073709551615 1 1\n',
    '7/status': 'Name:\ta\nTracerPid:\t9\nUid:\t0\t33\t33\t33\nGid:\t1\t2\t3\t4\nCapEff:\t0000000000003000\n',
    '7/cmdline': 'bash\0-c\0\0',
    '7/environ': 'A=1\0LD_PRELOAD=/tmp/x.so\0broken\0',
    '7/net/tcp':
      '  sl  local_address rem_address   st\n   0: 0100007F:1F90 00000000:0000 0A 0:0 0:0 0 1000        0 4711 1 0\n',
    '7/net/tcp6':
      '  sl\n   0: 0000000000000000FFFF00000100007F:0016 B80D0120000000000000000001000000:C350 01 0:0 0:0 0 0 0 4712 1\n',
    '7/net/packet': 'sk RefCnt\n0000 3      3    0003   2     1 0      33     4713\n',
    '7/net/unix': 'Num\n0: 00000002 00000000 00010000 0001 01 4714 @/tmp/a b\n0: 00000003 0 0 0001 03  4715\n',
    '7/maps': '55d0-55e0 r-xp 00001000 fd:00 131 /tmp/a b.so (deleted)\n7ff0-7fff rw-p 00000000 00:00 0 \nnonsense\n',
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(root, name), text);
  symlinkSync('/var/tmp/.k/kworkerd (deleted)', join(root, '7/exe'));
  symlinkSync('/', join(root, '7/root'));
  symlinkSync('net:[4026531840]', join(root, '7/ns/net'));
  symlinkSync('socket:[4711]', join(root, '7/fd/10'));
  symlinkSync('/dev/null', join(root, '7/fd/2'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('a process', () => {
  it('is read with a name that holds parentheses and a deleted program', () => {
    expect(readProcess(proc, 7)).toEqual({
      pid: 7,
      parent: 1,
      group: 7,
      session: 7,
      name: 'a) b (c',
      state: 'S',
      isKernelThread: false,
      executable: '/var/tmp/.k/kworkerd',
      isDeleted: true,
      argv: ['bash', '-c', ''],
      cwd: undefined,
      root: '/',
      uids: { real: 0, effective: 33, saved: 33, fileSystem: 33 },
      gids: { real: 1, effective: 2, saved: 3, fileSystem: 4 },
      tracer: 9,
      capabilities: 0x3000n,
      threads: 3,
      nice: -5,
      startTicks: 12_345,
      userTicks: 250,
      systemTicks: 50,
      virtualBytes: 4_096_000,
      residentBytes: 102_400,
      terminal: 34_816,
    });
  });

  it('says when it was started, and with which environment', () => {
    const bootTime = readBootTime(proc);
    expect(bootTime).toBe(1_700_000_000_000_000);
    expect([...readProcesses(proc)].map((found) => startTimeOf(found, bootTime ?? 0))).toEqual([1_700_000_123_450_000]);
    expect(readEnvironment(proc, 7)).toEqual(
      new Map([
        ['A', '1'],
        ['LD_PRELOAD', '/tmp/x.so'],
      ]),
    );
  });

  it('that is gone is undefined, and what hangs on it empty', () => {
    expect(readProcess(proc, 8)).toBeUndefined();
    expect(readEnvironment(proc, 8).size).toBe(0);
    expect([...readDescriptors(proc, 8), ...readMemoryMap(proc, 8), ...readSockets(proc, [8])]).toEqual([]);
  });

  it('holds descriptors and mappings', () => {
    expect([...readDescriptors(proc, 7)]).toEqual([
      { number: 2, target: '/dev/null' },
      { number: 10, target: 'socket:[4711]' },
    ]);
    expect(socketInodeOf('socket:[4711]')).toBe(4711);
    expect(socketInodeOf('pipe:[4711]')).toBeUndefined();
    expect([...readMemoryMap(proc, 7)].map(({ path, permissions }) => [path, permissions])).toEqual([
      ['/tmp/a b.so (deleted)', 'r-xp'],
      ['', 'rw-p'],
    ]);
  });
});

it('sockets are read once for each network namespace', () => {
  const sockets = [...readSockets(proc, [7, 7])];
  expect(sockets).toHaveLength(5);
  expect(sockets[0]).toMatchObject({
    protocol: 'tcp',
    inode: 4711,
    localAddress: '127.0.0.1',
    localPort: 8080,
    state: 'LISTEN',
    uid: 1000,
    namespace: 4_026_531_840,
  });
  expect(sockets[1]).toMatchObject({ remoteAddress: '2001:db8::1', remotePort: 50_000, state: 'ESTABLISHED' });
  expect(sockets[2]).toMatchObject({ protocol: 'packet', number: 3, uid: 33, inode: 4713 });
  expect(sockets[3]).toMatchObject({ protocol: 'unix', state: 'LISTEN', path: '@/tmp/a b' });
  expect(sockets[4]).toMatchObject({ protocol: 'unix', state: '', path: '', inode: 4715 });
});

it('the process that runs this test is read from the kernel', () => {
  const own = readProcess(new ProcFolder(), process.pid);
  expect(own).toMatchObject({ pid: process.pid, parent: process.ppid, isDeleted: false, isKernelThread: false });
  expect(own?.executable).toBe(process.execPath);
});
