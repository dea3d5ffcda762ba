import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { startWatch, type RunningWatch } from './support/running-watch.ts';
import { until } from './support/until.ts';

const folder = mkdtempSync(join(tmpdir(), 'vakthund-disk-'));
const disk = join(folder, 'disk');
for (const path of ['disk', 'logs']) mkdirSync(join(folder, path));
/** A small disk for the case. */
const canMount = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=40m', 'tmpfs', disk]).status === 0;
let watch: RunningWatch | undefined;
afterAll(async () => {
  await watch?.end('SIGKILL');
  if (canMount) spawnSync('umount', ['-l', disk]);
  rmSync(folder, { recursive: true, force: true });
});

const acts = (from: number, to: number): string =>
  Array.from(
    { length: to - from },
    (_, at) =>
      `${JSON.stringify({ time: new Date().toISOString(), rule: `Rule ${from + at}`, priority: 'Critical', source: 'syscall', hostname: `host${from + at}`, output: `act${from + at}.`, output_fields: {} })}\n`,
  ).join('');

function fill(): void {
  const { bavail, bsize } = statfsSync(disk);
  writeFileSync(join(disk, 'fill'), Buffer.alloc(bavail * bsize));
}

describe.skipIf(!canMount)('a watch whose disk is full', () => {
  it('tells it, goes on when there is room, and sends all that came meanwhile', { timeout: 300_000 }, async () => {
    let taken = '';
    const server = createServer((request, response) => {
      request.on('data', (part) => (taken += String(part))).on('end', () => response.end());
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const to = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const log = join(folder, 'logs/falco.json');
    writeFileSync(log, '');
    watch = startWatch(join(folder, 'logs'), '--case', join(disk, 'case'), '--judge-every', '1', '--webhook', to);
    await watch.until((notices) => notices.some(({ type }) => type === 'status'));
    const isTold = (text: string) => (): boolean => taken.includes(text);
    appendFileSync(log, acts(0, 5));
    await until(isTold('act4.'));
    fill();
    appendFileSync(log, acts(5, 10));
    await until(isTold('no room is left'));
    appendFileSync(log, acts(10, 15));
    rmSync(join(disk, 'fill'));
    await until(() => Array.from({ length: 15 }, (_, at) => at).every((at) => taken.includes(`act${at}.`)));
    await watch.until((notices) => notices.some(({ message }) => String(message).startsWith('there is room')));
    const statuses = (): number => watch?.notices().filter(({ type }) => type === 'status').length ?? 0;
    const before = statuses();
    appendFileSync(log, acts(15, 16));
    await until(() => taken.includes('act15.') && statuses() > before);
    expect(await watch.end('SIGTERM')).toBe(0);
    expect(watch.notices().findLast(({ type }) => type === 'status')).toMatchObject({ status: { events: 16 } });
    await new Promise((done) => server.close(done));
  });
});
