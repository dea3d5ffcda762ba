import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { recordLive, type Recording } from '../../../../tests/support/record-live.ts';
import type { EventRow } from '../../../events/event.ts';
import { sensor } from './index.ts';

let folder: string;
let recording: Recording;
const canRun = (await sensor.whyNot()) === undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vakthund-processes-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const fieldsOf = (event: EventRow): Record<string, unknown> =>
  JSON.parse(String(event['fields'] ?? '{}')) as Record<string, unknown>;

describe.skipIf(!canRun)('the sensor of process events', () => {
  beforeEach(() => {
    recording = recordLive(sensor, join(folder, 'out'));
  });
  afterEach(() => recording.stop());

  it('tells a program with its file, hash, arguments and ancestors, and its end', { timeout: 60_000 }, async () => {
    const program = join(folder, 'renamed to cron');
    copyFileSync(realpathSync('/bin/sleep'), program);
    const started = await recording.until(
      (event) => event['event_action'] === 'exec' && event['process_executable'] === program,
      () => void spawnSync('sh', ['-c', `'${program}' 0.2; exit 7`]),
    );
    expect(started).toMatchObject({
      event_dataset: 'linux.process',
      host_name: hostname(),
      process_args: [program, '0.2'],
      process_command_line: `${program} 0.2`,
      process_hash_sha256: createHash('sha256').update(readFileSync(program)).digest('hex'),
      process_parent_name: 'sh',
      process_working_directory: process.cwd(),
      user_id: process.getuid?.(),
      user_name: 'root',
      is_privileged_change: false,
    });
    const fields = fieldsOf(started);
    expect(fields).toMatchObject({ executable_inode: String(statSync(program).ino) });
    expect(fields['ancestors']).toContainEqual(expect.objectContaining({ pid: process.pid }));
    const ended = await recording.until(
      (event) => event['event_action'] === 'exit' && event['process_pid'] === started['process_pid'],
    );
    expect(ended).toMatchObject({ process_executable: program, process_exit_code: 0 });
    expect(Number(fieldsOf(ended)['duration_us'])).toBeGreaterThan(200_000);
    const shell = await recording.until(
      (event) => event['event_action'] === 'exit' && event['process_pid'] === started['process_parent_pid'],
    );
    expect(shell).toMatchObject({ process_name: 'sh', process_exit_code: 7 });
    expect(recording.lost).toEqual([]);
  });

  it(
    'does not run where processes have other numbers, also while somebody else listens',
    { timeout: 60_000 },
    async () => {
      await recording.until(
        (event) => event['event_action'] === 'exec',
        () => void spawnSync('true'),
      );
      const main = join(import.meta.dirname, '../../../cli/main.ts');
      const watch = ['watch', '--sensor', 'process-events', '--for', '0.1', '--case', join(folder, 'case')];
      const inside = ['-pf', '--mount-proc', process.execPath, main, ...watch];
      const { status, stderr } = spawnSync('unshare', inside, { encoding: 'utf8' });
      expect(stderr).toContain('processes are numbered otherwise here (it needs root, outside of a container)');
      expect(status).toBe(2);
    },
  );

  it.skipIf(!existsSync('/bin/busybox'))('tells a root of its own, as osquery does', { timeout: 60_000 }, async () => {
    const root = join(realpathSync(folder), 'root');
    mkdirSync(join(root, 'usr/bin'), { recursive: true });
    copyFileSync('/bin/busybox', join(root, 'usr/bin/busybox'));
    const inside = await recording.until(
      (event) => event['event_action'] === 'exec' && event['process_executable'] === join(root, 'usr/bin/busybox'),
      () => void spawnSync('chroot', [root, '/usr/bin/busybox', 'sleep', '0.2']),
    );
    expect(fieldsOf(inside)).toMatchObject({ root });
    const before = await recording.until(
      (event) => event['event_action'] === 'exec' && event['process_name'] === 'sleep',
      () => void spawnSync('sleep', ['0.2']),
    );
    expect(fieldsOf(before)).not.toHaveProperty('root');
  });

  it('tells a program without a name, and who becomes another user', { timeout: 60_000 }, async () => {
    const script =
      'import os\nf = os.memfd_create("x")\nos.write(f, open("/bin/sleep", "rb").read())\nos.setuid(65534)\nos.execve(f, ["[kworker/0:1]", "0.3"], {})';
    const changed = await recording.until(
      (event) => event['event_action'] === 'setuid' && fieldsOf(event)['user_before'] === 0,
      () => void spawnSync('python3', ['-c', script]),
    );
    expect(changed).toMatchObject({ user_id: 65_534, is_privileged_change: false });
    expect(fieldsOf(changed)).toMatchObject({ real_user: 65_534 });
    const started = await recording.until(
      (event) => event['process_pid'] === changed['process_pid'] && Number(event['time']) > Number(changed['time']),
    );
    expect(started).toMatchObject({
      event_action: 'exec',
      process_executable: '/memfd:x (deleted)',
      process_args: ['[kworker/0:1]', '0.3'],
      process_hash_sha256: createHash('sha256').update(readFileSync('/bin/sleep')).digest('hex'),
      user_id: 65_534,
    });
  });

  it(
    'tells which libraries an environment puts into a program, and nothing else of it',
    { timeout: 60_000 },
    async () => {
      const library = join(folder, 'x.so');
      const env = {
        PATH: '/usr/bin:/bin',
        TOKEN: 'secret',
        FILL: 'x'.repeat(60_000),
        LD_AUDIT: '',
        LD_PRELOAD: library,
      };
      const started = await recording.until(
        (event) => event['event_action'] === 'exec' && fieldsOf(event)['env'] !== undefined,
        () => void spawnSync('/bin/sleep', ['0.2'], { env, stdio: 'ignore' }),
      );
      expect(started['process_args']).toEqual(['/bin/sleep', '0.2']);
      expect(fieldsOf(started)['env']).toEqual({ LD_PRELOAD: library });
    },
  );
});
