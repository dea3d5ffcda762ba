import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { ethernet, pcap, tcp } from '../../../../../tests/support/packets.ts';
import type { EventOf } from '../../../../events/event.ts';
import { CaptureDecoder } from '../capture-decoder.ts';
import { carried } from '../carried.ts';
import { protocols } from '../protocols/registry.generated.ts';

const content = Buffer.from(Array.from({ length: 9000 }, (_none, at) => (at * 7919) % 251));
const sha256 = createHash('sha256').update(content).digest('hex');

interface Range {
  /** Port of the client: the connection. */
  readonly port: number;
  readonly first: number;
  readonly last: number;
  /** Seconds after the beginning. */
  readonly at: number;
  readonly url?: string;
  readonly etag?: string;
  readonly server?: string;
  readonly status?: string;
}

/** A capture in which a client asks for ranges, each on a connection of its own that ends behind it. */
function capture(ranges: readonly Range[]): Buffer {
  const records = ranges.flatMap(
    ({
      port,
      first,
      last,
      at,
      url = '/a.bin',
      etag = '"1"',
      server = '192.0.2.1:80',
      status = '206 Partial Content',
    }) => {
      const client = `10.0.0.1:${port}`;
      const request = `GET ${url} HTTP/1.1\r\nHost: files.test\r\nRange: bytes=${first}-${last}\r\n\r\n`;
      const head = [
        `HTTP/1.1 ${status}`,
        `ETag: ${etag}`,
        `Content-Range: bytes ${first}-${last}/${content.length}`,
        `Content-Length: ${last - first + 1}`,
      ];
      const answer = Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), content.subarray(first, last + 1)]);
      const cut = [answer.subarray(0, 1000), answer.subarray(1000)];
      const [from, to] = [
        { from: client, to: server },
        { from: server, to: client },
      ];
      return [
        tcp({ ...from, flags: 'S', seq: 1 }),
        tcp({ ...to, flags: 'SA', seq: 1, ack: 2 }),
        tcp({ ...from, flags: 'PA', seq: 2, ack: 2, data: request }),
        ...cut.map((data, index) => tcp({ ...to, flags: 'PA', seq: 2 + index * 1000, ack: 2 + request.length, data })),
        tcp({ ...from, flags: 'FA', seq: 2 + request.length, ack: 2 + answer.length }),
        tcp({ ...to, flags: 'FA', seq: 2 + answer.length, ack: 3 + request.length }),
      ].map((packet, index) => ({ at: 1_700_000_000 + at + index / 1000, bytes: ethernet(packet) }));
    },
  );
  return pcap(records);
}

function files(ranges: readonly Range[]): EventOf<'file_transfer'>[] {
  const decoder = new CaptureDecoder({ protocols: Object.values(protocols), checksums: 'accept' });
  decoder.push(capture(ranges));
  decoder.finish();
  return decoder.takeEvents().filter((event) => event.kind === 'file_transfer');
}

const thirds: readonly Range[] = [
  { port: 40_001, first: 3000, last: 5999, at: 0 },
  { port: 40_002, first: 6000, last: 8999, at: 0.5 },
  { port: 40_003, first: 0, last: 2999, at: 1 },
];

describe('ranges of one file', () => {
  test('over connections are one file with the hash of the whole, told for each connection', () => {
    const seen = files(thirds);
    expect(new Set(seen.map((event) => event.file_uid)).size).toBe(1);
    expect(new Set(seen.map((event) => event.uid)).size).toBe(3);
    expect(new Set(seen.map((event) => event.evidence_at)).size).toBe(3);
    for (const event of seen) {
      expect(event).toMatchObject({ file_hash_sha256: sha256, file_size: 9000, missing_bytes: 0 });
    }
  });

  test('of a file of which less came than was told have no hash', () => {
    const [whole] = files([{ port: 40_001, first: 0, last: 8999, at: 0 }]);
    expect(whole?.file_hash_sha256).toBe(sha256);
    const cut = new CaptureDecoder({ protocols: Object.values(protocols), checksums: 'accept' });
    const bytes = capture([{ port: 40_001, first: 0, last: 8999, at: 0, status: '200 OK' }]);
    cut.push(bytes.subarray(0, bytes.length - 4000));
    cut.finish();
    const [event] = cut.takeEvents().filter((one) => one.kind === 'file_transfer');
    expect(event).toMatchObject({ file_hash_sha256: null, file_size: 9000 });
  });

  test('of which one never came have no hash, and say how much is missing', () => {
    for (const event of files(thirds.slice(0, 2))) {
      expect(event).toMatchObject({ file_hash_sha256: null, file_size: 9000, missing_bytes: 3000 });
    }
  });

  test.each<[string, Partial<Range>]>([
    ['another address', { url: '/b.bin' }],
    ['another version', { etag: '"2"' }],
    ['more than two minutes later', { at: 200 }],
    ['a port that is not known for HTTP', { server: '192.0.2.1:8123' }],
  ])('are not joined with those of %s', (_what, other) => {
    const seen = files(thirds.map((range, index) => (index === 2 ? { ...range, ...other } : range)));
    expect(new Set(seen.map((event) => event.file_uid)).size).toBe(2);
    expect(seen.every((event) => event.file_hash_sha256 !== sha256)).toBe(true);
  });

  test('that come again after the file was whole are another one', () => {
    const again = thirds.map((range) => ({ ...range, port: range.port + 10, at: range.at + 5 }));
    const seen = files([...thirds, ...again]);
    expect(new Set(seen.map((event) => event.file_uid)).size).toBe(2);
    expect(seen).toHaveLength(6);
    expect(seen.every((event) => event.file_hash_sha256 === sha256)).toBe(true);
  });
});

describe('the content that is taken out', () => {
  async function contents(ranges: readonly Range[]): Promise<{ bytes: Buffer; isWhole: boolean }[]> {
    const taken: { bytes: Buffer; isWhole: boolean }[] = [];
    for await (const { bytes, isWhole } of carried(pieces(capture(ranges)), 1e6)) {
      taken.push({ bytes: Buffer.from(bytes), isWhole });
    }
    return taken;
  }

  test('is the whole file', async () => {
    expect(await contents(thirds)).toEqual([{ bytes: content, isWhole: true }]);
  });

  test('is the part that came, when the beginning did not', async () => {
    expect(await contents(thirds.slice(1, 2))).toEqual([{ bytes: content.subarray(6000), isWhole: false }]);
  });
});

async function* pieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
