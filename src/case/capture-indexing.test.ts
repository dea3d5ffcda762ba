import { appendFileSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { block, ethernet, ipv4, pcap, sectionHeader, udp, udpDatagram } from '../../tests/support/packets.ts';
import { silentLogger } from '../base/logger.ts';
import { readFile } from '../collect/open/content.ts';
import { sources } from '../collect/sources/registry.generated.ts';
import { openPacketIndex } from './capture-indexing.ts';
import { openLocalCase } from './local-case.ts';
import { defaultCaseSettings } from './case-settings.ts';
import type { CaseService } from './service.ts';

const source = sources.pcap;
let folder: string;
let path: string;
let service: CaseService;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'vakthund-index-'));
  path = join(folder, 'a.pcap');
  service = await openLocalCase({
    folder: join(folder, 'case'),
    settings: defaultCaseSettings,
    logger: silentLogger,
    now: () => 1_800_000_000_000_000,
  });
});
afterEach(async () => {
  await service.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Questions of twenty clients in turn, of which the first asks only at the start, and answers. */
const frames = (from: number, to: number): { at: number; bytes: Buffer }[] =>
  Array.from({ length: to - from }, (_none, index) => {
    const number = from + index;
    const client = number < 100 ? number % 20 : 1 + (number % 19);
    const [ask, answer] = [`10.0.0.${client}:1000`, '10.0.1.1:999'];
    const bytes = udp(
      ...((number & 1) === 0 ? ([ask, answer] as const) : ([answer, ask] as const)),
      `packet ${number}`,
    );
    return { at: 1_700_000_000 + number / 1000, bytes: ethernet(bytes) };
  });

async function read(): Promise<void> {
  await service.investigate({ paths: [path], only: ['none'], skip: [], indicators: [], rules: [] }, {});
}

async function rowsOf(sql: string): Promise<readonly (readonly unknown[])[]> {
  return (await service.query({ sql, timeoutMs: 5000, maxRows: 1000 }, {})).rows;
}

async function indexed(address: string): Promise<Buffer | undefined> {
  const [evidence] = await rowsOf('SELECT evidence_id, content_sha256 FROM evidence');
  const known = { id: Number(evidence?.[0]), path, sha256: String(evidence?.[1]) };
  const index = openPacketIndex(join(folder, 'case'), known);
  if (index === undefined) return undefined;
  const flows = await rowsOf(`SELECT evidence_at FROM flow WHERE '${address}' IN (source_ip, destination_ip)`);
  const chosen = new Set(flows.map(([packet]) => Number(packet)));
  return joined(source.extractRuns?.(index.runs(path, chosen)));
}

const whole = async (address: string): Promise<Buffer> =>
  joined(
    source.extract?.(readFile(path), ({ sourceIp, destinationIp }) => [sourceIp, destinationIp].includes(address)),
  );

async function joined(parts: AsyncIterable<Uint8Array> | undefined): Promise<Buffer> {
  const all: Uint8Array[] = [];
  for await (const part of parts ?? []) all.push(part);
  return Buffer.concat(all);
}

describe('packets by the index of a case', () => {
  it('are those that reading the whole capture gives', async () => {
    writeFileSync(path, pcap(frames(0, 3000)));
    await read();
    for (const address of ['10.0.0.0', '10.0.0.7', '10.0.1.1']) {
      const packets = await whole(address);
      expect(packets.length).toBeGreaterThan(100);
      expect(await indexed(address)).toEqual(packets);
    }
    expect(await indexed('10.9.9.9')).toEqual(Buffer.alloc(0));
  });

  it('are found in a pcapng, behind a section that describes other interfaces', async () => {
    const packet = (number: number, { at, bytes }: { at: number; bytes: Buffer }): Buffer => {
      const micros = BigInt(Math.round(at * 1e6));
      const words = [number, Number(micros >> 32n), Number(micros & 0xffff_ffffn), bytes.length, bytes.length];
      return block(6, words, bytes);
    };
    const [ethernetLink, rawLink] = [block(1, [1, 0]), block(1, [101, 0])];
    const first = frames(0, 600).map((frame) => packet(0, frame));
    const second = frames(600, 1400).map((frame) => packet(1, frame));
    writeFileSync(
      path,
      Buffer.concat([sectionHeader, ethernetLink, ...first, sectionHeader, rawLink, ethernetLink, ...second]),
    );
    await read();
    const packets = await whole('10.0.0.7');
    expect(await indexed('10.0.0.7')).toEqual(packets);
  });

  it('are all fragments of datagrams, after the capture has grown too', async () => {
    // The ends of ten datagrams, their beginnings, and these once more.
    const fragment = (_none: unknown, number: number): { at: number; bytes: Buffer } => {
      const id = 10 * Math.floor(number / 30) + (number % 10);
      const [from, to] = [`10.0.0.${id % 5}:1000`, '10.0.1.1:999'];
      const datagram = udpDatagram(from, to, 'x'.repeat(40));
      const isEnd = number % 30 < 10;
      const payload = isEnd ? datagram.subarray(24) : datagram.subarray(0, 24);
      const place = { protocol: 17, id, offset: isEnd ? 24 : 0, hasMore: !isEnd };
      return { at: 1_700_000_000 + number / 100, bytes: ethernet(ipv4(from, to, payload, place)) };
    };
    const all = Array.from({ length: 1200 }, fragment);
    for (const end of [600, 1200]) {
      writeFileSync(path, pcap(all.slice(0, end)));
      await read();
      const found = await indexed('10.0.0.3');
      expect(found).toEqual(await whole('10.0.0.3'));
      expect(found).toEqual(pcap(all.slice(0, end).filter((_none, number) => number % 5 === 3)));
    }
  });

  it('are found after the capture has grown', async () => {
    writeFileSync(path, pcap(frames(0, 500)));
    await read();
    appendFileSync(path, pcap(frames(500, 1300)).subarray(24));
    await read();
    const all = (await indexed('10.0.0.7')) ?? Buffer.alloc(0);
    expect(all).toEqual(await whole('10.0.0.7'));
    expect(all.length).toBeGreaterThan(3000);
  });

  it('are not taken from an index when the capture has changed', async () => {
    writeFileSync(path, pcap(frames(0, 500)));
    await read();
    utimesSync(path, 1, 1);
    expect(await indexed('10.0.0.7')).toBeUndefined();
  });
});
