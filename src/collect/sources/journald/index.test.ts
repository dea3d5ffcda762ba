import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { contentOf, decodeContent, placesOf } from '../../../../tests/support/decode-content.ts';
import { parseIsoMicros } from '../../../base/time.ts';
import { unpackLz4 } from '../../../base/lz4.ts';
import { source } from './index.ts';

const read = (name: string): Buffer => readFileSync(new URL(`testdata/${name}`, import.meta.url));
const plain = read('plain.journal');
const exported = read('entries.export');

describe('journald, detect', () => {
  it.each(['plain.journal', 'compact.journal', 'entries.export'])('knows %s', (name) => {
    expect(source.detect('x', read(name))).toBe('certain');
  });

  it.each(['', 'LPKSHHR', '__CURSOR=x\n', '{"__CURSOR":"x"}'])('does not know %j', (content) => {
    expect(source.detect('system.journal', Buffer.from(content))).toBeUndefined();
  });
});

describe('journald, files', () => {
  it.each(['plain.journal', 'compact.journal'])('reads %s with packed data', async (name) => {
    const { events, problems } = await decodeContent(source, read(name));
    expect(problems).toEqual([]);
    expect(contentOf(events[0])).toEqual({
      kind: 'user_session',
      time: parseIsoMicros('2026-03-01T10:00:00Z'),
      event_dataset: 'journald',
      host_name: 'node1',
      evidence_id: 0,
      evidence_at: 1,
      event_action: 'login',
      event_outcome: 'success',
      target_user_name: 'anna',
      source_ip: '203.0.113.9',
      service: 'sshd',
      process_pid: 4711,
      process_name: 'sshd',
      process_executable: '/usr/sbin/sshd',
      user_id: 0,
      fields: {
        level: 'info',
        message: 'Accepted password for anna from 203.0.113.9 port 4022 ssh2',
        method: 'password',
        port: 4022,
        SYSLOG_IDENTIFIER: 'sshd',
        __CURSOR: `s=${'cd'.repeat(16)};i=1;b=${'ab'.repeat(16)};m=3e8;t=64bf38887c800;x=1234`,
        __MONOTONIC_TIMESTAMP: '1000',
      },
    });
    expect(events[1]).toMatchObject({ kind: 'log', message: `long ${'x'.repeat(600)}`, log_level: 'info' });
    expect(contentOf(events[2])).toMatchObject({
      message: 'packed with LZ4',
      container_name: 'web',
      container_id: 'ab'.repeat(32),
      fields: { TAG: ['a', 'b'] },
    });
  });

  it('reads what stands before the damage', async () => {
    const cut = await decodeContent(source, plain.subarray(0, plain.length - 200));
    expect(cut.events).toHaveLength(2);
    expect(cut.problems.map(({ code }) => code)).toEqual(['truncated']);
    // The object behind the first entry, whose length begins eight bytes in.
    const damaged = Buffer.from(plain);
    const at = plain.indexOf(Buffer.from([3, 0, 0, 0, 0, 0, 0, 0]), 256) + 8;
    damaged.writeBigUInt64LE(3n, at);
    const { events, problems } = await decodeContent(source, damaged);
    expect(events.length).toBeLessThan(3);
    expect(problems.map(({ code }) => code)).toContain('bad-record');
  });

  it('refuses a header that it cannot follow', async () => {
    const other = Buffer.from(plain);
    other.writeUInt32LE(1 << 9, 12);
    const { events, problems } = await decodeContent(source, other);
    expect(events).toEqual([]);
    expect(problems.map(({ code }) => code)).toEqual(['unsupported']);
  });
});

describe('journald, exports', () => {
  it('reads entries with fields that are no line', async () => {
    const { events, problems } = await decodeContent(source, exported);
    expect(problems).toEqual([]);
    expect(events[0]).toMatchObject({
      kind: 'user_session',
      event_action: 'sudo',
      user_name: 'anna',
      process_command_line: '/bin/id',
      evidence_at: 1,
    });
    expect(contentOf(events[1])).toMatchObject({
      kind: 'log',
      message: 'two\nlines',
      log_level: 'error',
      fields: { TAG: ['a', 'b'] },
    });
  });

  it('reports what is no field or too long, and reads on', async () => {
    const long = Buffer.concat([Buffer.from('BIG\n'), Buffer.from([0, 0, 0, 0, 1, 0, 0, 0])]);
    const { events, problems } = await decodeContent(
      source,
      Buffer.concat([Buffer.from('__CURSOR=x\n__REALTIME_TIMESTAMP=1\nlower=1\nMESSAGE=a\n\nMESSAGE=b\n\n'), long]),
    );
    expect(events).toMatchObject([
      { message: 'a', time: 1 },
      { message: 'b', time: 0 },
    ]);
    expect(placesOf(problems)).toEqual([
      ['bad-record', 1],
      ['bad-record', 2],
      ['record-too-long', 3],
      ['truncated', 3],
    ]);
  });
});

describe('unpackLz4', () => {
  it('copies from what it has written', () => {
    // Literals "ab", then 8 bytes from two before.
    expect(unpackLz4(Buffer.from([0x24, 97, 98, 2, 0, 0x10, 99]), 11)?.toString()).toBe('ababababab' + 'c');
  });

  it.each([
    [[0x24, 97, 98, 3, 0], 10],
    [[0xf0], 10],
    [[0x20, 97], 2],
    [[0x24, 97, 98, 2, 0], 5],
    [[0x20, 97, 98], 3],
  ])('refuses %j for %d bytes', (block, size) => {
    expect(unpackLz4(Buffer.from(block), size)).toBeUndefined();
  });
});
