import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { recordLive, type Recording } from '../../../../tests/support/record-live.ts';
import type { EventRow } from '../../../events/event.ts';
import { readFanotifyEvents } from '../../linux/fanotify/fanotify-event.ts';
import { Repeats } from '../_shared/repeats.ts';
import { sensor } from './index.ts';
import { WatchedFiles } from './watched-files.ts';
import { parseWatchedList, shippedList } from './watched-list.ts';

const canRun = (await sensor.whyNot()) === undefined;

describe.skipIf(!canRun)('the sensor of files', () => {
  let folder: string;
  let place: string;
  let recording: Recording;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'vakthund-files-'));
    place = mkdtempSync('/opt/vakthund-files-');
    recording = recordLive(sensor, join(folder, 'out'));
  });
  afterEach(async () => {
    await recording.stop();
    for (const path of [folder, place]) rmSync(path, { recursive: true, force: true });
  });
  const shell = (script: string) => (): void => void spawnSync('sh', ['-c', script], { cwd: place });

  it('tells what is done in a folder that came later, with who did it', { timeout: 60_000 }, async () => {
    const file = join(place, 'new/deep/file');
    const script = `rm -rf new; mkdir -p new/deep; echo planted > new/deep/file; chmod 4755 new/deep/file; mv new/deep/file new/moved; sleep 0.2; rm new/moved; :`;
    // A busy machine may have moved the file away before its folder is watched: it is done until it was in time.
    const written = await recording.until(
      (event) => event['file_path'] === file && event['event_action'] === 'create',
      shell(script),
    );
    expect(written).toMatchObject({
      event_dataset: 'linux.file',
      event_outcome: 'success',
      process_name: 'sh',
      process_command_line: `sh -c ${script}`,
      user_name: 'root',
    });
    const changed = await recording.until(
      (event) => event['file_path'] === file && event['event_action'] === 'attribute',
      shell(script),
    );
    expect(changed['process_pid']).toBeGreaterThan(0);
    // Read late, there is nothing left to hash.
    const moved = await recording.until(
      (event) => event['event_action'] === 'rename' && event['file_hash_sha256'] !== null,
      shell(script),
    );
    expect(moved).toMatchObject({
      file_path: file,
      file_target_path: join(place, 'new/moved'),
      file_mode: '0104755',
      file_hash_sha256: createHash('sha256').update('planted\n').digest('hex'),
    });
    await recording.until(
      (event) => event['event_action'] === 'delete' && event['file_path'] === join(place, 'new/moved'),
    );
    expect(recording.lost).toEqual([]);
  });

  it('tells who reads a secret by whatever path it is reached', { timeout: 60_000 }, async () => {
    const link = join(place, 'link');
    symlinkSync('/etc/shadow', link);
    for (const path of [link, '/etc/security/../shadow', '/proc/self/root/etc/shadow']) {
      const read = await recording.until(
        (event) =>
          event['event_action'] === 'read' &&
          event['process_command_line'] === `sh -c read line < ${path}; sleep 0.1; :`,
        shell(`read line < ${path}; sleep 0.1; :`),
      );
      expect(read['file_path']).toBe('/etc/shadow');
    }
  });

  it('goes on where a single file is mounted, as engines mount the resolv.conf', { timeout: 60_000 }, async () => {
    const point = join(place, 'mounted');
    writeFileSync(point, '');
    // Of a file system that is mounted nowhere else.
    const other = `mount -t tmpfs none '${folder}' && touch '${folder}/file' && mount --bind '${folder}/file' '${point}'`;
    expect(spawnSync('sh', ['-c', `${other} && umount '${folder}'`]).status).toBe(0);
    const second = recordLive(sensor, join(folder, 'second'));
    try {
      // Its marks may be made in the middle of the script: what was deleted then is not what was created.
      const created = (event: EventRow): boolean =>
        event['event_action'] === 'create' && event['file_path'] === join(place, 'new');
      expect(await second.until(created, shell('echo x > new; sleep 0.1; rm new; :'))).toMatchObject({
        process_name: 'sh',
      });
      expect(second.notes).toEqual([`changes of ${point}, a file that is mounted by itself, may not be seen`]);
    } finally {
      spawnSync('umount', [point]);
      await second.stop();
    }
  });
});

describe('what is watched', () => {
  const files = new WatchedFiles(
    parseWatchedList(
      'version: 1\nchanges: [{path: /etc}, {path: /etc/mtab, ignored: true}, {path: /var/log, growing: true}, {path: /home/*/.ssh}, {path: /home/anna, ignored: true}]\n',
    ),
  );

  it.each([
    ['/etc', 'everything'],
    ['/etc/cron.d/x', 'everything'],
    ['/etc/mtab', 'nothing'],
    ['/etcetera', 'nothing'],
    ['/var/log/a/b', 'no-writes'],
    ['/var', 'nothing'],
    ['/home/bert/.ssh/authorized_keys', 'everything'],
    ['/home/bert/x', 'nothing'],
    ['/home/anna/.ssh/x', 'nothing'],
    ['/', 'nothing'],
  ])('of %s is %s', (path, told) => {
    expect(files.toldOf(path)).toBe(told);
  });

  it('is refused where it says nothing', () => {
    expect(() => parseWatchedList('version: 1\nchanges: []\n')).toThrow(/changes/);
    expect(() => parseWatchedList('version: 1\nchanges: [{path: etc}]\n')).toThrow(/slash/);
    expect(new WatchedFiles(shippedList()).toldOf('/root/.ssh/authorized_keys')).toBe('everything');
  });

  it('of one process and file is told once in a while', () => {
    const repeats = new Repeats();
    expect(repeats.isRepeat(1, 'part', '/etc/x')).toBe(false);
    expect(repeats.isRepeat(1, 'part', '/etc/x')).toBe(true);
    expect(repeats.isRepeat(2, 'part', '/etc/x')).toBe(false);
    expect(repeats.isRepeat(1, 'whole', '/etc/x')).toBe(false);
  });
});

describe('events of fanotify', () => {
  const event = (mask: number, records: Buffer): Buffer => {
    const head = Buffer.alloc(24);
    head.writeUInt32LE(24 + records.length, 0);
    head[4] = 3;
    head.writeUInt16LE(24, 6);
    head.writeUInt32LE(mask, 8);
    head.writeInt32LE(4711, 20);
    return Buffer.concat([head, records]);
  };
  const record = (type: number, name: string): Buffer => {
    const bytes = Buffer.alloc(4 + 8 + 8 + 8 + name.length + 1);
    bytes[0] = type;
    bytes.writeUInt16LE(bytes.length, 2);
    bytes.fill(0xab, 4, 12);
    bytes.writeUInt32LE(8, 12);
    bytes.write(name, 28, 'latin1');
    return bytes;
  };

  it('are read with their records, one after another', () => {
    const two = Buffer.concat([
      event(0x100, record(2, 'x')),
      event(0x1000_0000, Buffer.concat([record(10, 'a'), record(12, 'b')])),
    ]);
    const read = [...readFanotifyEvents(two)];
    expect(read).toMatchObject([
      { mask: 0x100, pid: 4711, records: [{ type: 'folder', name: 'x', fileSystem: 'ab'.repeat(8) }] },
      {
        mask: 0x1000_0000,
        records: [
          { type: 'from', name: 'a' },
          { type: 'to', name: 'b' },
        ],
      },
    ]);
    expect(read[0]?.records[0]?.handle).toHaveLength(16);
  });

  it('of any bytes are read or not, and nothing breaks', () => {
    const whole = event(0x100, record(2, 'name'));
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.nat(255), fc.nat(whole.length), (at, value, length) => {
        const bytes = Buffer.from(whole);
        bytes[at] = value;
        expect([...readFanotifyEvents(bytes.subarray(0, length))].length).toBeLessThanOrEqual(1);
      }),
    );
    expect.hasAssertions();
  });
});
