import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Sensor } from '../src/collect/sensor.ts';
import { sensors } from '../src/collect/sensors/registry.generated.ts';
import { loadRuleSets } from '../src/case/search-rules.ts';
import type { Alert } from '../src/case/watch/notice.ts';
import { LiveRules } from '../src/case/watch/live-rules.ts';
import type { EventRow, VakthundEvent } from '../src/events/event.ts';
import { recordLive, type Recording } from './support/record-live.ts';

const chosen: readonly Sensor[] = [sensors['process-events'], sensors.fanotify, sensors.ebpf];
const reasons = await Promise.all(chosen.map((sensor) => sensor.whyNot()));

let folder: string;
let place: string;
let recordings: Map<string, Recording>;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vakthund-bypass-'));
  place = mkdtempSync('/opt/vakthund-bypass-');
  symlinkSync('/etc/security', join(place, 'link'));
  recordings = new Map(chosen.map((sensor) => [sensor.id, recordLive(sensor, join(folder, sensor.id))]));
});
afterEach(async () => {
  for (const recording of recordings.values()) await recording.stop();
  for (const path of [folder, place]) rmSync(path, { recursive: true, force: true });
});

/** Ways past sensors that look at paths and names of calls; `PLACE` is a folder that is watched. Numbers of calls are of x86-64. */
const calls = `
import ctypes, os
call = ctypes.CDLL(None, use_errno=True).syscall
text = lambda path: ctypes.c_char_p(path.encode())
def read(path):
    with open(path) as file: file.read(1)
read('PLACE/link/../shadow')
read('/proc/self/root/etc/shadow')
how = (ctypes.c_uint64 * 3)(0o101, 0o600, 0)
os.close(call(437, -100, text('PLACE/by-openat2'), how, 24))
call(316, -100, text('PLACE/by-openat2'), -100, text('PLACE/by-renameat2'), 0)
import mmap, struct
settings = ctypes.create_string_buffer(120)
ring = call(425, 4, settings, 0)
tail, array = struct.unpack_from('I', settings, 44)[0], struct.unpack_from('I', settings, 64)[0]
queue, entries = mmap.mmap(ring, array + 16), mmap.mmap(ring, 4 * 64, offset=0x10000000)
path = ctypes.create_string_buffer(b'PLACE/by-io-uring')
struct.pack_into('<BBHiQQII', entries, 0, 18, 0, 0, -100, 0, ctypes.addressof(path), 0o600, 0o101)
struct.pack_into('I', queue, array, 0)
struct.pack_into('I', queue, tail, 1)
call(426, ring, 1, 1, 1, 0, 0)
target = os.fork()
if target == 0:
    import time; time.sleep(1); os._exit(0)
byte = ctypes.create_string_buffer(1)
part = (ctypes.c_uint64 * 2)(ctypes.addressof(byte), 1)
call(311, target, part, 1, part, 1, 0)
memory = os.memfd_create('bypass')
os.write(memory, open('/bin/sleep', 'rb').read())
argv = (ctypes.c_char_p * 3)(b'[kworker/9]', b'0.3', None)
call(322, memory, text(''), argv, None, 0x1000)
`;

function act(): void {
  spawnSync('python3', ['-c', calls.replaceAll('PLACE', place)]);
}

/** The same ways as an intruder takes them, to what the shipped rules are about. Programs stay a moment: who they are is read while they live. */
const acts = `
PLACE=$1
cp /bin/cat $PLACE/sshd
for file in '/bin/cat PLACE/link/../shadow' '/bin/cat /proc/self/root/etc/shadow' 'PLACE/sshd /etc/shadow'; do
  sleep 0.4 | \${file//PLACE/$PLACE} - > /dev/null
done
python3 - borrowed-name $PLACE <<'END'
import ctypes, os, sys, time
libc = ctypes.CDLL(None)
libc.prctl(15, b'sshd', 0, 0, 0)
open('/etc/shadow').read()
text = lambda path: ctypes.c_char_p(path.encode())
how = (ctypes.c_uint64 * 3)(0o101, 0o600, 0)
cron, place = '/etc/cron.d/vakthund.', sys.argv[2]
libc.syscall(437, -100, text(cron + 'openat2'), how, 24)
open(place + '/x', 'w').close()
libc.syscall(316, -100, text(place + '/x'), -100, text(cron + 'renameat2'), 0)
open(place + '/by-fchmodat2', 'w').close()
libc.syscall(452, -100, text(place + '/by-fchmodat2'), 0o4755, 0)
time.sleep(0.4)
for name in ('openat2', 'renameat2'): os.unlink(cron + name)
END
bash -c 'echo c2xlZXAgMC40 | base64 -d | sh'
sleep 0.4 | bash -c "/???/c?t - /???/sh?d?w $PLACE/globbed"
sleep 0.4 | script -qc /bin/sh /dev/null
python3 -c 'import pty; pty.spawn(["sleep", "0.4"])'
LD_PRELOAD=/dev/shm/vakthund-bypass.so sleep 0.4
bash -c 'exec -a "x -o stratum+tcp://127.0.0.1:443" sleep 0.4'
`;

const canRun = reasons.every((reason) => reason === undefined) && process.arch === 'x64';

describe.skipIf(!canRun)('ways past sensors', () => {
  it('are seen by at least one of them', { timeout: 90_000 }, async () => {
    const seen = async (
      sensor: string,
      isWanted: (event: EventRow) => boolean,
      again?: () => void,
    ): Promise<EventRow> => {
      const recording = recordings.get(sensor);
      if (recording === undefined) throw new Error(`there is no ${sensor}`);
      return recording.until(isWanted, again);
    };
    const file =
      (name: string) =>
      (event: EventRow): boolean =>
        event['file_path'] === join(place, name);
    // All of them run when each has seen something.
    const started = await seen('ebpf', (event) => event['event_action'] === 'memory-write', act);
    const python = started['process_pid'];
    expect(started['target_pid']).toBeGreaterThan(0);
    await seen('process-events', (event) => event['process_executable'] === '/memfd:bypass (deleted)', act);
    // The file is opened by the ring alone.
    await seen('fanotify', file('by-io-uring'), act);
    await seen('ebpf', (event) => event['process_pid'] === python && event['event_action'] === 'io_uring_setup');
    const told = (await recordings.get('ebpf')?.events()) ?? [];
    expect(told.filter(file('by-io-uring'))).toEqual([]);

    const reads = (event: EventRow): boolean =>
      event['file_path'] === '/etc/shadow' && String(event['process_command_line']).includes(`${place}/link/../shadow`);
    expect((await seen('fanotify', reads, act))['event_action']).toMatch(/^(?:read|open)$/);
    expect(await seen('fanotify', file('by-openat2'))).toMatchObject({ event_action: 'create' });
    expect(await seen('ebpf', file('by-openat2'))).toMatchObject({ syscall: 'openat2', process_pid: python });
    const renamed = (event: EventRow): boolean => event['file_target_path'] === join(place, 'by-renameat2');
    expect(await seen('fanotify', renamed)).toMatchObject({ event_action: 'rename' });
    expect(await seen('ebpf', renamed)).toMatchObject({ syscall: 'renameat2' });
    const disguised = (event: EventRow): boolean => String(event['process_args']).startsWith('[kworker/9]');
    expect(await seen('ebpf', (event) => event['event_action'] === 'exec' && disguised(event))).toBeDefined();
    expect(await seen('process-events', disguised)).toMatchObject({ process_executable: '/memfd:bypass (deleted)' });
  });

  it('are told by the shipped rules', { timeout: 120_000 }, async () => {
    const alerts = async (): Promise<Alert[]> => {
      const rules = new LiveRules(loadRuleSets([]));
      const all = await Promise.all([...recordings.values()].map((recording) => recording.events()));
      return [
        ...rules.judge(all.flat() as unknown as VakthundEvent[], {
          id: 1,
          path: 'live',
          source: 'live',
          isSince: true,
        }),
      ];
    };
    const wanted: readonly (readonly [way: string, title: RegExp, what: string])[] = [
      ['a copy with the name of a program that may', /Password hashes read/, `${place}/sshd /etc/shadow`],
      ['that name', /trusted name from elsewhere/, 'borrowed-name'],
      ['a link and two dots', /Password hashes read/, `${place}/link/../shadow`],
      ['the root of a process', /Password hashes read/, '/proc/self/root/etc/shadow'],
      ['a name that a program gives itself', /Password hashes read/, 'borrowed-name'],
      ['text that is decoded and run', /decode/i, 'base64 -d'],
      ['a miner at the port of web servers', /miner/i, 'stratum+tcp://127.0.0.1:443'],
      ['a path of question marks', /Password hashes read/, `${place}/globbed`],
      ['a terminal for a shell', /Terminal Made/, 'script -qc /bin/sh'],
      ['a terminal by Python', /Terminal Made/, 'pty.spawn'],
      ['a library by the environment', /Library put into a program/, 'LD_PRELOAD=/dev/shm/vakthund-bypass.so'],
      ['openat2', /cron/i, '/etc/cron.d/vakthund.openat2'],
      ['renameat2', /Scheduled Job/, '/etc/cron.d/vakthund.renameat2'],
      ['fchmodat2', /Right of the owner/, `${place}/by-fchmodat2`],
    ];
    let missed = wanted;
    for (let tries = 0; tries < 8 && missed.length > 0; tries++) {
      spawnSync('bash', ['-c', acts, 'bash', place], { stdio: 'ignore', timeout: 20_000 });
      const told = await alerts();
      missed = wanted.filter(
        ([, title, what]) => !told.some((one) => title.test(one.title) && one.what.includes(what)),
      );
    }
    expect(missed.map(([way]) => way)).toEqual([]);
  });
});
