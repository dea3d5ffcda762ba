import { createSocket } from 'node:dgram';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import { ethernet, pcap, udp } from '../../../../tests/support/packets.ts';
import { CaptureFiles } from './capture-files.ts';
import { findCaptureProgram, startCapture } from './capture-program.ts';
import { sensor } from './index.ts';
import { parseInput } from './input.ts';

let folder: string;
let notes: string[];
let stop: AbortController;
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'vakthund-packets-')), 'packets');
  notes = [];
  stop = new AbortController();
});
afterEach(() => rmSync(join(folder, '..'), { recursive: true, force: true }));

const record = (inputs: string[], everyMs = 200): Promise<void> =>
  sensor.record({
    folder,
    inputs,
    everyMs,
    signal: stop.signal,
    onLost: (count, why) => notes.push(`${count} lost: ${why}`),
    onNote: (message) => notes.push(message),
    onContainerProcess: () => undefined,
    onContainer: () => undefined,
    guarded: [],
  });

const files = (): string[] => (existsSync(folder) ? readdirSync(folder).sort() : []);
const written = (): Buffer => Buffer.concat(files().map((name) => readFileSync(join(folder, name))));

async function until(isSo: () => boolean): Promise<void> {
  for (let tries = 0; tries < 100 && !isSo(); tries++) await sleep(50);
  expect(isSo()).toBe(true);
}

const frame = ethernet(udp('10.0.0.1:1000', '10.0.0.2:53', 'question'));
const capture = pcap([{ at: 1_700_000_000, bytes: frame }]);

/** Whether an interface can be captured here at all. */
async function canCapture(): Promise<boolean> {
  const program = findCaptureProgram();
  if (program === undefined) return false;
  const running = startCapture(program, 'lo', () => undefined);
  running.packets.resume();
  const outcome = await Promise.race([running.ended.then(() => 'ended').catch(() => 'failed'), sleep(500, 'runs')]);
  running.stop();
  return outcome === 'runs';
}
const isAllowed = await canCapture();

describe('the sensor of packets', () => {
  it.skipIf(!isAllowed)('captures an interface by a real program', { timeout: 20_000 }, async () => {
    const ended = record(['interface:lo']);
    const socket = createSocket('udp4');
    await until(() => {
      socket.send('vakthund was here', 40_404, '127.0.0.1');
      return written().includes('vakthund was here');
    });
    socket.close();
    stop.abort();
    await ended;
    expect(written().readUInt32LE(0)).toBe(0xa1b2c3d4);
  });

  it('says why it cannot capture', async () => {
    expect(await sensor.whyNot(['interface:none-such'])).toMatch(/no interface|neither/);
    expect(await sensor.whyNot(['somewhere'])).toMatch(/no place/);
    expect(await sensor.whyNot(['stdin', 'connect:10.0.0.1:57012'])).toBeUndefined();
  });

  it('takes packets from producers that connect, and turns away what is none', { timeout: 20_000 }, async () => {
    const ended = record(['listen:127.0.0.1:0']);
    const port = (): number => Number(/port (\d+)/.exec(notes.join('\n'))?.[1] ?? 0);
    await until(() => port() > 0);
    for (const bytes of [capture, Buffer.alloc(100, 1)]) connect(port(), '127.0.0.1').end(bytes);
    await until(() => files().length === 1 && notes.some((note) => note.includes('no capture')));
    stop.abort();
    await ended;
    expect(written()).toEqual(capture);
  });

  it('connects to a producer, again when it ends', { timeout: 20_000 }, async () => {
    const server = createServer((socket) => socket.end(capture)).listen(0, '127.0.0.1');
    await new Promise((done) => server.once('listening', done));
    const ended = record([`connect:127.0.0.1:${(server.address() as AddressInfo).port}`]);
    await until(() => files().length === 2);
    stop.abort();
    await ended;
    server.close();
    expect(written()).toEqual(Buffer.concat([capture, capture]));
    expect(notes[0]).toMatch(/ended the capture after 1 packets; connecting again$/);
  });
});

describe('files of captures', () => {
  const options = (changes: object = {}) => ({
    folder,
    openFolder: `${folder}.open`,
    writer: '0',
    fileBytes: 100,
    fileMs: 60_000,
    keepBytes: 400,
    ...changes,
  });

  test('are shown when they are whole, and the oldest go', () => {
    const rows = new CaptureFiles(options());
    rows.onHeader(Buffer.from('HEAD'));
    const counts = Array.from({ length: 9 }, (_none, index) => {
      rows.onRecords(Buffer.alloc(60, 97 + index), 1);
      return files().length;
    });
    expect(counts).toEqual([0, 1, 1, 2, 2, 3, 2, 3, 2]);
    expect(readFileSync(join(folder, files().at(-1) ?? ''), 'latin1')).toBe(`HEAD${'g'.repeat(60)}${'h'.repeat(60)}`);
  });

  test('are shown by the next run when one was killed', () => {
    const rows = new CaptureFiles(options());
    rows.onRecords(Buffer.from('abc'), 1);
    writeFileSync(join(`${folder}.open`, 'other'), 'x');
    CaptureFiles.recover(folder, `${folder}.open`);
    expect(files()).toHaveLength(2);
    expect(readdirSync(`${folder}.open`)).toEqual([]);
  });
});

test.each([
  ['stdin', { from: 'stdin' }],
  ['interface:eth0.12', { from: 'interface', name: 'eth0.12' }],
  ['interface:-w', undefined],
  ['connect:[2001:db8::1]:57012', { from: 'connect', host: '2001:db8::1', port: 57_012 }],
  ['listen:127.0.0.1:0', { from: 'listen', host: '127.0.0.1', port: 0 }],
  ['connect:host', undefined],
  ['connect:host:99999', undefined],
  ['file:x', undefined],
])('the input %s', (text, input) => {
  expect(parseInput(text)).toEqual(input);
});
