import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ethernet, pcap, tcp } from '../../tests/support/packets.ts';
import { tarOf } from '../../tests/support/tar.ts';
import { defaultOpenLimits } from '../collect/open/limits.ts';
import { loadYara } from '../match/yara/yara.ts';
import { huntYara, type YaraHuntResult } from './yara-hunt.ts';

const shell = '<?php system($_GET["c"]); ?>';
const rule = 'rule Shell { strings: $run = "system(" $get = "$_GET" condition: all of them }';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vakthund-yara-'));
  mkdirSync(join(folder, 'spool'));
  mkdirSync(join(folder, 'in'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function put(name: string, content: string | Uint8Array): void {
  writeFileSync(join(folder, 'in', name), content);
}

async function hunt(text = rule, except: readonly string[] = []): Promise<YaraHuntResult> {
  const load = await loadYara([{ name: 'rules.yar', text }]);
  if (load?.rules === undefined) throw new Error('no rules');
  const options = { limits: defaultOpenLimits, spoolFolder: join(folder, 'spool'), signal: undefined };
  const passed = new Set(except.map((name) => join(folder, 'in', name)));
  return huntYara([join(folder, 'in')], load.rules, { ...options, except: passed, onProgress: () => undefined });
}

const placesOf = ({ claims }: YaraHuntResult): string[] =>
  claims.map(({ path }) => path.slice(join(folder, 'in').length + 1)).sort();

/** A download of `body` over HTTP, its answer in segments of `size` bytes. */
function download(body: Uint8Array, size = 500): Buffer {
  const [client, server] = ['10.0.0.5:40000', '203.0.113.7:80'];
  const request = 'GET /a.php HTTP/1.1\r\nHost: files.example\r\n\r\n';
  const head = `HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nContent-Length: ${body.length}\r\n\r\n`;
  const answer = Buffer.concat([Buffer.from(head), body]);
  const packets = [
    tcp({ from: client, to: server, flags: 'S', seq: 100 }),
    tcp({ from: server, to: client, flags: 'SA', seq: 900, ack: 101 }),
    tcp({ from: client, to: server, flags: 'A', seq: 101, ack: 901 }),
    tcp({ from: client, to: server, flags: 'PA', seq: 101, ack: 901, data: request }),
  ];
  for (let at = 0; at < answer.length; at += size) {
    const [seq, data] = [901 + at, answer.subarray(at, at + size)];
    packets.push(tcp({ from: server, to: client, flags: 'PA', seq, ack: 101 + request.length, data }));
  }
  return pcap(packets.map((bytes, index) => ({ at: 1_700_000_000 + index, bytes: ethernet(bytes) })));
}

describe('YARA over files', () => {
  it('sees files, compressed ones, members of archives, and the archives themselves', async () => {
    put('plain.php', shell);
    put('packed.php.gz', gzipSync(shell));
    put('clean.php', '<?php echo 1; ?>');
    put('up.tgz', gzipSync(tarOf({ 'www/a.php': shell, 'www/b.css': 'a{}' })));
    const result = await hunt(`${rule} rule Packed { condition: uint16be(0) == 0x1f8b }`);
    expect(placesOf(result)).toEqual(['packed.php.gz', 'plain.php', 'up.tgz', 'up.tgz!www/a.php']);
    expect(result.problems).toEqual([]);
    expect(result.scanned).toBe(6);
    expect(result.claims[0]?.reasons).toContainEqual({ what: '$run', value: 'byte 6' });
    const hashes = result.files.filter(({ path }) => !path.endsWith('.tgz')).map(({ sha256 }) => sha256);
    expect(hashes).toHaveLength(3);
    expect(new Set(hashes).size).toBe(1);
  });

  it('sees what a capture carries, with who sent it and when, and archives in it', async () => {
    put('one.pcap', download(Buffer.from(shell)));
    put('two.pcap', download(gzipSync(shell)));
    const { claims, problems } = await hunt();
    expect(problems).toEqual([]);
    expect(claims).toHaveLength(2);
    expect(claims[0]).toMatchObject({ time: 1_700_000_004e6, line: 5 });
    expect(claims[0]?.path).toMatch(/in\/one\.pcap!F\w+$/);
    expect(claims[0]?.reasons).toContainEqual({ what: 'sent', value: '203.0.113.7:80 to 10.0.0.5:40000 by http' });
    expect(claims[0]?.reasons).toContainEqual({ what: 'URL', value: '/a.php' });
    expect(claims[1]?.path).toMatch(/in\/two\.pcap!F\w+$/);
  });

  it('says where only the beginning of a carried file was seen', async () => {
    const body = Buffer.concat([Buffer.from(shell), Buffer.alloc(34_000_000, 'x')]);
    put('big.pcap', download(body, 60_000));
    const { claims } = await hunt();
    expect(claims).toHaveLength(1);
    expect(claims[0]?.reasons).toContainEqual({
      what: 'scanned',
      value: 'only its beginning: the rest is missing, or too large to be kept',
    });
  });

  it('passes over files of the rules, and tells of a rule that matches everything no more than is read', async () => {
    put('rules.yar', rule);
    for (let index = 0; index < 203; index++) put(`f${index}`, String(index));
    const result = await hunt('rule All { condition: true }', ['rules.yar']);
    expect(result.claims).toHaveLength(200);
    expect(result.problems).toMatchObject([
      { code: 'limit-reached', message: 'All matches 203 contents; the first 200 are told' },
    ]);
  });
});
