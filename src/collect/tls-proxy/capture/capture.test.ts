import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { decodeContent } from '../../../../tests/support/decode-content.ts';
import { isIntact, sumBytes } from '../../sources/pcap/layers/checksum.ts';
import { sources } from '../../sources/registry.generated.ts';
import { DecryptedCapture, captureHeader } from './decrypted-capture.ts';
import { endpointOf, type Endpoint } from './endpoint.ts';
import { PcapOverIp } from './pcap-over-ip.ts';
import { RotatedFiles } from './rotated-files.ts';
import { SyntheticTcp } from './synthetic-tcp.ts';

function end(address: string, port: number): Endpoint {
  const found = endpointOf(address, port);
  if (found === undefined) throw new Error(address);
  return found;
}

describe('synthetic packets', () => {
  /** What was said, as a capture. */
  function captureOf(client: Endpoint, server: Endpoint, talk: readonly (readonly [boolean, Uint8Array])[]): Buffer {
    const chunks: Uint8Array[] = [captureHeader];
    const capture = new DecryptedCapture([(chunk) => void chunks.push(chunk)]);
    let time = 1_700_000_000_000_000;
    const tcp = capture.connection(client, server, time);
    for (const [isClient, bytes] of talk) tcp.data(isClient, bytes, (time += 1000));
    tcp.end(true, (time += 1000));
    tcp.end(false, (time += 1000));
    capture.flush();
    return Buffer.concat(chunks);
  }

  test.each([
    ['198.51.100.7', '10.0.0.5', '198.51.100.7', '10.0.0.5'],
    ['2001:db8::7', '2001:db8::5', '2001:db8::7', '2001:db8::5'],
    // Ends of two families: IPv4 stands in IPv6.
    ['2001:db8::7', '10.0.0.5', '2001:db8::7', '10.0.0.5'],
  ])('from %s and %s are a whole connection for our own reader', async (server, client, seenServer, seenClient) => {
    const request = Buffer.from('GET /x HTTP/1.1\r\nhost: a.example\r\n\r\n');
    const body = Buffer.alloc(100_000, 'body');
    const answer = Buffer.concat([Buffer.from(`HTTP/1.1 200 OK\r\ncontent-length: ${body.length}\r\n\r\n`), body]);
    const bytes = captureOf(end(client, 40_000), end(server, 443), [
      [true, request],
      [false, answer.subarray(0, 70_000)],
      [false, answer.subarray(70_000)],
    ]);
    const { events, problems } = await decodeContent(sources.pcap, bytes, 'x.pcap');
    expect(problems).toEqual([]);
    expect(events.find(({ kind }) => kind === 'flow')).toMatchObject({
      source_ip: seenClient,
      source_port: 40_000,
      destination_ip: seenServer,
      destination_port: 443,
      conn_state: 'SF',
      history: 'ShADadFf',
      source_payload_bytes: request.length,
      destination_payload_bytes: answer.length,
      missed_bytes: 0,
    });
    expect(events.find(({ kind }) => kind === 'http')).toMatchObject({ url_original: '/x' });
  });

  test('have numbers that go on over the end of their space, and checksums that hold', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.boolean(), fc.uint8Array({ maxLength: 4000 })), { maxLength: 10 }),
        fc.constantFrom('10.0.0.5', '2001:db8::5'),
        (talk, client) => {
          const said = { true: [] as Uint8Array[], false: [] as Uint8Array[] };
          const next = new Map<number, number>();
          const tcp = new SyntheticTcp(end(client, 1), end(client, 2), [2 ** 32 - 100, 2 ** 32 - 1], (frame) => {
            const at = client.includes(':') ? 54 : 34;
            const { view } = frame;
            const length = frame.end - at;
            const addresses = client.includes(':') ? 22 : 26;
            const pseudo =
              sumBytes(view, addresses, at) + ((6 << 8) & 0xffff) + (((length & 255) << 8) | (length >> 8));
            expect(isIntact(sumBytes(view, at, frame.end, pseudo))).toBe(true);
            const port = view.getUint16(at);
            const headerBytes = (view.getUint8(at + 12) >> 4) * 4;
            const flags = view.getUint8(at + 13);
            const data = Uint8Array.from(frame.bytes.subarray(at + headerBytes, frame.end));
            expect(view.getUint32(at + 4)).toBe(next.get(port) ?? view.getUint32(at + 4));
            next.set(port, (view.getUint32(at + 4) + data.length + ((flags & 3) === 0 ? 0 : 1)) >>> 0);
            const acknowledged = (flags & 0x10) === 0 ? 0 : next.get(3 - port);
            expect(view.getUint32(at + 8)).toBe(acknowledged);
            said[port === 1 ? 'true' : 'false'].push(data);
          });
          tcp.open(1);
          for (const [isClient, bytes] of talk) tcp.data(isClient, bytes, 2);
          tcp.end(false, 3);
          tcp.end(true, 3);
          tcp.data(true, Buffer.from('too late'), 4);
          for (const isClient of [true, false]) {
            const sent = talk.filter(([from]) => from === isClient).map(([, bytes]) => bytes);
            expect(Buffer.concat(said[isClient ? 'true' : 'false'])).toEqual(Buffer.concat(sent));
          }
        },
      ),
      { numRuns: 50 },
    );
  });

  test('end with a reset once', async () => {
    const chunks: Uint8Array[] = [captureHeader];
    const capture = new DecryptedCapture([(chunk) => void chunks.push(chunk)]);
    const tcp = capture.connection(end('10.0.0.5', 1), end('10.0.0.6', 2), 1e15);
    tcp.reset(false, 1e15 + 1);
    tcp.reset(true, 1e15 + 2);
    tcp.end(true, 1e15 + 3);
    capture.flush();
    expect(capture.packets).toBe(4);
    const { events } = await decodeContent(sources.pcap, Buffer.concat(chunks), 'x.pcap');
    expect(events.find(({ kind }) => kind === 'flow')).toMatchObject({ conn_state: 'RSTR' });
  });
});

describe('files one after another', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'vakthund-files-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test('each begin with the header, and the oldest go when there is no room', () => {
    const troubles: string[] = [];
    const files = new RotatedFiles({
      folder,
      prefix: 'decrypted',
      suffix: '.pcap',
      header: Buffer.from('HEAD'),
      fileBytes: 100,
      keptBytes: 300,
      nowMs: () => Date.parse('2026-11-26T05:00:00Z'),
      onTrouble: (text) => troubles.push(text),
    });
    for (let index = 0; index < 10; index++) files.write(Buffer.alloc(60, String(index)));
    files.close();
    const names = readdirSync(folder).sort();
    expect(names).toEqual(
      [7, 8, 9, 10].map((number) => `decrypted-20261126T050000Z-${String(number).padStart(6, '0')}.pcap`),
    );
    expect(readFileSync(join(folder, names[3] ?? ''), 'latin1')).toBe(`HEAD${'9'.repeat(60)}`);
    expect(statSync(join(folder, names[0] ?? '')).mode & 0o777).toBe(0o600);
    expect(troubles).toEqual([]);
  });

  test('what the disk does not take is told once and counted', () => {
    const troubles: string[] = [];
    const files = new RotatedFiles({
      folder,
      prefix: 'decrypted',
      suffix: '.pcap',
      header: Buffer.alloc(0),
      fileBytes: 1,
      keptBytes: 1e6,
      nowMs: () => 0,
      onTrouble: (text) => troubles.push(text),
    });
    rmSync(folder, { recursive: true });
    files.write(Buffer.from('a'));
    files.write(Buffer.from('b'));
    expect(files.lostChunks).toBe(2);
    expect(troubles).toHaveLength(1);
    expect(troubles[0]).toContain('decrypted.pcap cannot be written');
  });

  test('a full disk cuts no record, and no empty files come', () => {
    // The system lets no file grow beyond 4 KiB, and takes a part of what goes over it, as a full disk does.
    const script = `
      const { RotatedFiles } = await import(process.argv[1]);
      const files = new RotatedFiles({ folder: process.argv[2], prefix: 'decrypted', suffix: '.pcap', header: Buffer.from('HEAD'),
        fileBytes: 1e6, keptBytes: 1e9, nowMs: () => 0, onTrouble: () => undefined });
      for (const size of [3000, 3000, 500, 3000]) files.write(Buffer.alloc(size, 'x'));
      files.close();
      process.stdout.write(String(files.lostChunks));`;
    const limited = ['-c', 'trap "" XFSZ; ulimit -f 8; exec "$@"', 'sh'];
    const node = [process.execPath, '--input-type=module', '-e', script];
    const url = new URL('rotated-files.ts', import.meta.url).href;
    const run = spawnSync('sh', [...limited, ...node, url, folder], { encoding: 'utf8' });
    expect(run.stderr).toBe('');
    expect(run.stdout).toBe('2');
    expect(readdirSync(folder).map((name) => statSync(join(folder, name)).size)).toEqual([4 + 3500]);
  });
});

describe('pcap over IP', () => {
  test('a reader gets the header and what comes from then on; one that does not read is dropped and holds nobody up', async () => {
    const troubles: string[] = [];
    const stream = new PcapOverIp({
      host: '127.0.0.1',
      port: 0,
      header: Buffer.from('HEAD'),
      onTrouble: (text) => troubles.push(text),
    });
    const port = await stream.listen();
    const received: Buffer[] = [];
    const reader = connect(port, '127.0.0.1').on('data', (bytes) => received.push(bytes));
    const lazy = connect(port, '127.0.0.1').pause();
    const isConnected = new Promise((done) => lazy.once('connect', done));
    await Promise.all([firstBytes(reader), isConnected]);
    const chunk = Buffer.alloc(1e6, 'x');
    let sent = 0;
    while (stream.droppedReaders === 0 && sent < 100) {
      stream.send(chunk);
      sent++;
      await untilReceived(received, 4 + sent * chunk.length);
    }
    expect(stream.droppedReaders).toBe(1);
    expect(troubles).toHaveLength(1);
    const whole = Buffer.concat(received);
    expect(whole.subarray(0, 4).toString()).toBe('HEAD');
    expect(whole).toHaveLength(4 + sent * chunk.length);
    await stream.close();
    lazy.destroy();
  });
});

function firstBytes(socket: Socket): Promise<unknown> {
  return new Promise((done) => socket.once('data', done));
}

async function untilReceived(parts: readonly Buffer[], bytes: number): Promise<void> {
  while (parts.reduce((sum, part) => sum + part.length, 0) < bytes) await new Promise((done) => setTimeout(done, 1));
}
