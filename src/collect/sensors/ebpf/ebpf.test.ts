import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { recordLive, type Recording } from '../../../../tests/support/record-live.ts';
import type { EventRow } from '../../../events/event.ts';
import { readAddress } from './address.ts';
import { sensor } from './index.ts';
import { readRecord } from './record.ts';
import { callsOfMachine, tableRows } from './wanted-calls.ts';

const canRun = (await sensor.whyNot()) === undefined;
const fieldsOf = (event: EventRow): Record<string, unknown> =>
  JSON.parse(String(event['fields'] ?? '{}')) as Record<string, unknown>;

describe.skipIf(!canRun)('the sensor of system calls', () => {
  let folder: string;
  let recording: Recording;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'vakthund-calls-'));
    mkdirSync(join(folder, 'work'));
    recording = recordLive(sensor, join(folder, 'out'));
  });
  afterEach(async () => {
    await recording.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('tells programs, files, connections and failed tries with who did it', { timeout: 60_000 }, async () => {
    const cwd = join(folder, 'work');
    const script = [
      'import os, socket, sys',
      'open("relative", "w").close()',
      'os.rename("relative", "renamed")',
      'os.chmod("renamed", 0o4755)',
      'socket.socket().connect_ex(("127.0.0.9", 9))',
      'os.memfd_create("hidden")',
      'try: open("/proc/no/such", "w")',
      'except OSError: pass',
      'os.mkdir("made")',
      'os.rmdir("made")',
      'os.fchmod(os.open("run-me", os.O_CREAT | os.O_WRONLY, 0o700), 0o2755)',
      'socket.socket(socket.AF_INET, socket.SOCK_DGRAM).connect(("127.0.0.8", 53))',
      'os.makedirs("deep/below", exist_ok=True)',
      'if not os.path.lexists("elsewhere"): os.symlink("deep/below", "elsewhere")',
      'open("elsewhere/../vakthund-none", "a").close()',
      'os.unlink("elsewhere/../vakthund-none")',
      'open("shadow", "w").close()',
      'open("shadow").close()',
      'socket.socket(17, 3)',
      'near = socket.create_server(("127.0.0.1", 0))',
      'far = socket.create_connection(near.getsockname())',
      'os.dup2(far.fileno(), 0)',
      'import ctypes',
      'child = os.fork()',
      'if child == 0: os.execv("/bin/sleep", ["sleep", "9"])',
      'ctypes.CDLL(None).ptrace(0x4206, child, None, None)',
      'os.kill(child, 9)',
    ].join('\n');
    const act = (): void => void spawnSync('python3', ['-c', script], { cwd });
    const file = join(cwd, 'relative');
    // What `python3` is may itself be a script that starts another.
    const isStart = (event: EventRow): boolean =>
      event['event_action'] === 'exec' &&
      isDeepStrictEqual([event['process_args'] ?? []].flat().slice(1), ['-c', script]);
    const started = await recording.until(isStart, act);
    expect(started['process_name']).toMatch(/^python3/);
    const pid = started['process_pid'];
    const of =
      (action: string) =>
      (event: EventRow): boolean =>
        event['process_pid'] === pid && event['event_action'] === action;
    expect(await recording.until((event) => of('write')(event) && event['file_path'] === file)).toMatchObject({
      event_dataset: 'linux.call',
      sensor: 'ebpf',
      syscall: 'openat',
      event_outcome: 'success',
      user_name: 'root',
    });
    expect(fieldsOf(await recording.until(of('write')))['flags']).toMatch(/^O_(?:WRONLY|RDWR)\|O_CREAT/);
    expect(await recording.until(of('rename'))).toMatchObject({
      file_path: file,
      file_target_path: join(cwd, 'renamed'),
    });
    const marked = await recording.until(of('attribute'));
    expect(marked).toMatchObject({ file_path: join(cwd, 'renamed') });
    expect(fieldsOf(marked)).toMatchObject({ mode: 'suid,0755' });
    expect(await recording.until(of('create'))).toMatchObject({ file_path: '/memfd:hidden' });
    expect(await recording.until(of('read'))).toMatchObject({ file_path: join(cwd, 'shadow') });
    const packet = await recording.until(of('socket'));
    expect(packet).toMatchObject({ socket_family: 'packet', syscall: 'socket' });
    expect(fieldsOf(packet)).toMatchObject({ domain: 'AF_PACKET' });
    const doubled = await recording.until(of('dup'));
    expect(doubled).toMatchObject({ socket_family: 'inet', destination_ip: '127.0.0.1', syscall: 'dup2' });
    expect(doubled['destination_port']).toBeGreaterThan(1023);
    expect(fieldsOf(doubled)).toMatchObject({ exit: '0' });
    const traced = await recording.until(of('ptrace'));
    expect(traced['target_pid']).toBeGreaterThan(0);
    expect(fieldsOf(traced)).toMatchObject({ request: 'PTRACE_SEIZE' });
    // Without a home folder in the environment python asks nscd for it first, over a socket file.
    const isOurs = (event: EventRow): boolean => of('connect')(event) && event['destination_ip'] === '127.0.0.9';
    const connected = await recording.until(isOurs);
    expect(connected).toMatchObject({
      destination_port: 9,
      event_outcome: 'failure',
      socket_family: 'inet',
    });
    expect(fieldsOf(connected)).toMatchObject({ syscall: 'connect', error: 'ECONNREFUSED' });
    const failed = await recording.until(
      (event) => event['process_pid'] === pid && event['file_path'] === '/proc/no/such',
    );
    expect(failed).toMatchObject({ event_outcome: 'failure' });
    const file_path = join(cwd, 'made');
    expect(
      await recording.until((event) => of('create')(event) && event['file_path'] === join(cwd, 'made')),
    ).toMatchObject({
      file_path,
    });
    expect(await recording.until((event) => of('delete')(event) && event['syscall'] === 'rmdir')).toMatchObject({
      file_path,
    });
    const made = await recording.until((event) => of('write')(event) && event['file_path'] === join(cwd, 'run-me'));
    expect(fieldsOf(made)).toMatchObject({ mode: '0700' });
    expect(fieldsOf(made)['age_ns']).toBeGreaterThan(0);
    const byDescriptor = await recording.until((event) => event['syscall'] === 'fchmod');
    expect(fieldsOf(byDescriptor)).toMatchObject({ mode: 'sgid,0755' });
    const udp = await recording.until((event) => of('connect')(event) && event['destination_ip'] === '127.0.0.8');
    expect([udp['network_transport'], connected['network_transport']]).toEqual(['udp', 'tcp']);
    // The link leads elsewhere, and so does what is above it.
    const detour = await recording.until(
      (event) => of('delete')(event) && String(event['file_path']).endsWith('/vakthund-none'),
    );
    expect(detour['file_path']).toBe(join(cwd, 'deep/vakthund-none'));
    expect(fieldsOf(detour)).toMatchObject({ path: 'elsewhere/../vakthund-none' });
    expect(recording.lost).toEqual([]);
  });
});

describe('records of system calls', () => {
  it('are read or not, whatever the bytes are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 600, maxLength: 3000 }), (bytes) => {
        const record = readRecord(Buffer.from(bytes));
        expect(record === undefined).toBe(bytes.length < 656);
      }),
    );
    expect.hasAssertions();
  });

  it('tell addresses of all families', () => {
    const of = (hex: string) => readAddress(Buffer.concat([Buffer.from(hex, 'hex'), Buffer.alloc(32)]).subarray(0, 32));
    expect(of('020001bbc6336407')).toEqual({ family: 'inet', ip: '198.51.100.7', port: 443 });
    expect(of('0a00003500000000' + '20010db8000000000000000000000007')).toEqual({
      family: 'inet6',
      ip: '2001:db8::7',
      port: 53,
    });
    expect(of(`0100${Buffer.from('/run/x').toString('hex')}`)).toEqual({ family: 'unix', path: '/run/x' });
    expect(of(`010000${Buffer.from('bus').toString('hex')}`)).toEqual({ family: 'unix', path: '@bus' });
    expect(of('1000')).toBeUndefined();
  });

  it('are asked for with twins of 32-bit programs', () => {
    const calls = callsOfMachine();
    const twins = [...calls.wanted].filter(([, { name }]) => name === 'openat').map(([index]) => index);
    expect(twins).toHaveLength(2);
    expect(tableRows(calls)).toHaveLength(calls.wanted.size);
  });
});
