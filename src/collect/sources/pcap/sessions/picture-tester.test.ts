import { deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { ethernet, pcap, tcp, type Segment } from '../../../../../tests/support/packets.ts';
import { randomBytes } from '../../../../../tests/support/photo.ts';
import { pngChunk, writePng } from '../../../../../tests/support/png.ts';
import type { VakthundEvent } from '../../../../events/event.ts';
import { CaptureDecoder } from '../capture-decoder.ts';
import { protocols } from '../protocols/registry.generated.ts';
import { PictureTester, type PictureSigns } from './picture-tester.ts';

const plain = Buffer.from(writePng({ width: 2, height: 2, samples: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12] }));
const withTrailer = Buffer.concat([plain, randomBytes(3000)]);

function show(tester: PictureTester, parts: readonly Uint8Array[], name = ''): PictureSigns | undefined {
  const held = tester.open();
  for (const part of parts) held.add(part);
  return held.end(name);
}

function signsOf(seen: PictureSigns | undefined): string[] | undefined {
  return seen?.signs.map(({ id }) => id);
}

describe('pictures that a connection carries', () => {
  it('are tested for what follows their end, however their bytes come', () => {
    const tester = new PictureTester(() => undefined);
    expect(signsOf(show(tester, [withTrailer], 'a'))).toEqual(['trailing-data']);
    const bytes = [...withTrailer].map((byte) => Uint8Array.of(byte));
    expect(signsOf(show(tester, bytes, 'b'))).toEqual(['trailing-data']);
    expect(signsOf(show(tester, [plain], 'c'))).toEqual([]);
  });

  it('are tested for chunks of no known program', () => {
    const secret = Buffer.from(
      writePng({ width: 2, height: 2, samples: [1, 2, 3], extra: [pngChunk('zsTg', randomBytes(2000))] }),
    );
    expect(signsOf(show(new PictureTester(() => undefined), [secret]))).toEqual(['unknown-chunk']);
  });

  it('are not what is none, what is cut, or what is empty', () => {
    const tester = new PictureTester(() => undefined);
    expect(show(tester, [Buffer.from('MZ, a program of Windows')])).toBeUndefined();
    expect(show(tester, [Buffer.from('Grass grows, and no GIF')])).toBeUndefined();
    expect(show(tester, [])).toBeUndefined();
    const held = tester.open();
    held.add(withTrailer);
    held.drop();
    held.add(withTrailer);
    expect(held.end('')).toBeUndefined();
  });

  it('are let go when they are too large, or too many at a time, which is told', () => {
    const problems: string[] = [];
    const tester = new PictureTester((message) => problems.push(message));
    expect(show(tester, [plain, Buffer.alloc(9_000_000)])).toBeUndefined();
    const several = [1, 2, 3, 4, 5, 6].map(() => {
      const held = tester.open();
      held.add(plain);
      held.add(Buffer.alloc(7_000_000));
      return held;
    });
    expect(problems).toHaveLength(3);
    expect(several.map((held, index) => held.end(String(index)) === undefined)).toEqual([
      false,
      false,
      false,
      false,
      true,
      true,
    ]);
    // There is room again.
    expect(show(tester, [withTrailer], 'z')).toBeDefined();
  });

  it('have pixels that are looked at up to a share, and their ends always', () => {
    const problems: string[] = [];
    const tester = new PictureTester((message) => problems.push(message));
    // 12 million pixels of one byte that inflate from a few kilobytes, with more behind the last row.
    const imageData = deflateSync(Buffer.alloc(3001 * 4000 + 5000));
    const bomb = Buffer.concat([
      writePng({ width: 3000, height: 4000, colorType: 0, samples: [], imageData }),
      randomBytes(300),
    ]);
    expect(signsOf(show(tester, [bomb], 'a'))?.toSorted()).toEqual(['surplus-pixels', 'trailing-data']);
    show(tester, [bomb], 'b');
    expect(signsOf(show(tester, [bomb], 'c'))).toEqual(['trailing-data']);
    expect(problems).toEqual([expect.stringContaining('pixels of a picture are not tested')]);
    // What was seen before costs nothing.
    expect(signsOf(show(tester, [bomb], 'a'))).toHaveLength(2);
  });
});

const [client, server] = ['10.0.0.1:40000', '203.0.113.9:80'];
type Step = Pick<Segment, 'flags' | 'seq'> & Partial<Segment>;
const fromClient = (step: Step): Buffer => tcp({ from: client, to: server, ...step });
const fromServer = (step: Step): Buffer => tcp({ from: server, to: client, ...step });

function hiddenIn(picture: Buffer, missing = false): VakthundEvent[] {
  const request = 'GET /cat.png HTTP/1.1\r\nHost: pictures.example\r\n\r\n';
  const answer = Buffer.concat([Buffer.from(`HTTP/1.1 200 OK\r\nContent-Length: ${picture.length}\r\n\r\n`), picture]);
  const half = Math.floor(answer.length / 2);
  const [seq, ack] = [101 + request.length, 501 + answer.length];
  const packets = [
    fromClient({ flags: 'S', seq: 100 }),
    fromServer({ flags: 'SA', seq: 500, ack: 101 }),
    fromClient({ flags: 'A', seq: 101, ack: 501, data: request }),
    fromServer({ flags: 'A', seq: 501, ack: seq, data: answer.subarray(0, half) }),
    ...(missing ? [] : [fromServer({ flags: 'A', seq: 501 + half, ack: seq, data: answer.subarray(half) })]),
    fromClient({ flags: 'FA', seq, ack }),
    fromServer({ flags: 'FA', seq: ack, ack: seq + 1 }),
    fromClient({ flags: 'A', seq: seq + 1, ack: ack + 1 }),
  ];
  const decoder = new CaptureDecoder({ protocols: Object.values(protocols), checksums: 'drop' });
  decoder.push(pcap(packets.map((bytes, index) => ({ at: 1_700_000_000 + index, bytes: ethernet(bytes) }))));
  decoder.finish();
  const events = decoder.takeEvents();
  expect(events.filter(({ kind }) => kind === 'file_transfer')).toHaveLength(1);
  return events.filter(({ event_dataset: dataset }) => dataset === 'pcap.hidden_data');
}

describe('the record of a picture that hides something', () => {
  it('tells its hash, the sign and who sent it', () => {
    const [event, ...others] = hiddenIn(withTrailer);
    expect(others).toEqual([]);
    expect(event).toMatchObject({
      kind: 'log',
      source_ip: '10.0.0.1',
      message: expect.stringContaining('3000 bytes after the end of the PNG') as string,
    });
    expect(JSON.parse(String(event?.['fields' as keyof VakthundEvent]))).toMatchObject({
      is_orig: false,
      mime_type: 'image/png',
      sign: 'trailing-data',
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
      at: plain.length,
    });
  });

  it('is not made of an ordinary picture, nor of one that is not whole', () => {
    expect(hiddenIn(plain)).toEqual([]);
    expect(hiddenIn(withTrailer, true)).toEqual([]);
  });
});
