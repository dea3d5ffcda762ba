import { describe, expect, it, test } from 'vitest';
import { inTurn, runConnection, type Outcome } from '../../../../../../tests/support/pcap-connection.ts';
import { analyzer } from './index.ts';

const run = (...payloads: readonly string[]): Outcome =>
  runConnection(analyzer, inTurn(...payloads), { transport: 'icmp', sourcePort: 8, destinationPort: 0 });

test('an ordinary ping is no record', () => {
  expect(run('abcdefgh', 'abcdefgh', 'abcdefgi', 'abcdefgi').events).toEqual([]);
});

test('answers that do not return what was sent are told with sizes and entropy', () => {
  const { events } = run('ls -l /', 'total 12', 'cat x', 'yy');
  expect(events[0]).toMatchObject({ time: 1_000_000, log_name: 'icmp_echo' });
  expect(JSON.parse(String(events[0]?.['fields']))).toMatchObject({
    requests: 2,
    replies: 2,
    changed_replies: 2,
    payload_bytes: 22,
    max_payload_bytes: 8,
    distinct_lengths: 4,
  });
});

const counting = (length: number): string => String.fromCharCode(...Array.from({ length }, (_, at) => at & 127));
interface EchoRecord {
  readonly changed_replies: number;
  readonly content_bytes: number;
}
const recordOf = (...payloads: readonly string[]): EchoRecord =>
  JSON.parse(String(run(...payloads).events[0]?.['fields'])) as EchoRecord;

test('filling of any length is no content, what differs from packet to packet is', () => {
  const sweep = [200, 600, 1000, 1400].flatMap((length) => [counting(length), counting(length)]);
  const zeros = '\0'.repeat(700);
  expect(recordOf(...sweep, zeros, zeros, ...sweep).content_bytes).toBeLessThan(50);
  expect(recordOf('wxyz'.repeat(300)).content_bytes).toBe(0);
  // Of a thousand bytes that are all alike after they were scrambled, hardly any is foretold.
  const scrambled = (seed: number): string =>
    String.fromCharCode(...Array.from({ length: 1000 }, (_, at) => ((at + 1) * (at + seed) * 2_654_435_761) % 251));
  const data = [1, 2, 3].map(scrambled).flatMap((payload) => [payload, payload]);
  const record = recordOf(...data);
  expect(record.changed_replies).toBe(0);
  expect(record.content_bytes).toBeGreaterThan(2700);
});

test('answers to a flood belong to earlier requests', () => {
  const requests = Array.from({ length: 40 }, (_, n) => `${n}`.padEnd(200, 'x'));
  const steps = (['client', 'server'] as const).flatMap((from) => requests.map((bytes) => ({ from, bytes })));
  const { events } = runConnection(analyzer, steps, { transport: 'icmp', sourcePort: 8 });
  expect(JSON.parse(String(events[0]?.['fields']))).toMatchObject({ replies: 40, changed_replies: 0 });
});

test('so are long payloads, with the entropy of their bytes', () => {
  const { events } = run('ab'.repeat(500));
  expect(JSON.parse(String(events[0]?.['fields']))).toMatchObject({ max_payload_bytes: 1000, entropy: 1 });
});

test('other messages of ICMP are not echoes', () => {
  const steps = inTurn('x'.repeat(500));
  expect(runConnection(analyzer, steps, { transport: 'icmp', sourcePort: 3 }).events).toEqual([]);
});

describe('replies that nobody asked for', () => {
  const repliesOf = (payloads: readonly string[]): Outcome =>
    runConnection(
      analyzer,
      payloads.map((bytes) => ({ from: 'client', bytes })),
      { transport: 'icmp', sourcePort: 0, destinationPort: 8 },
    );
  const secret = (seed: number): string =>
    String.fromCharCode(...Array.from({ length: 1000 }, (_, at) => ((at + 1) * (at + seed) * 2_654_435_761) % 251));

  it('have a record with what they hold, as those of a tunnel that answers from another address', () => {
    const { events } = repliesOf([1, 2, 3, 4].map(secret));
    expect(events).toHaveLength(1);
    expect(JSON.parse(String(events[0]?.['fields']))).toMatchObject({
      requests: 0,
      replies: 4,
      unasked_replies: 4,
      changed_replies: 0,
    });
    expect(JSON.parse(String(events[0]?.['fields']))).toHaveProperty('content_bytes', expect.any(Number));
    expect((JSON.parse(String(events[0]?.['fields'])) as EchoRecord).content_bytes).toBeGreaterThan(3600);
    expect(events[0]).toMatchObject({ message: 'ICMP echo with 4000 bytes of payload, 4 of 4 replies not asked for' });
  });

  it('hold filling where an honest machine with two addresses sends them', () => {
    const { events } = repliesOf(Array.from({ length: 20 }, () => counting(56)));
    expect((JSON.parse(String(events[0]?.['fields'])) as EchoRecord).content_bytes).toBeLessThan(50);
  });

  it('are none in a capture that begins in the middle of a ping', () => {
    const steps = Array.from({ length: 11 }, (_, n) => ({
      // Who answers is taken for who began.
      from: n % 2 === 0 ? ('client' as const) : ('server' as const),
      bytes: `${Math.floor((n + 1) / 2)}`.padEnd(56, 'x'),
    }));
    const { events } = runConnection(analyzer, steps, { transport: 'icmp', sourcePort: 0, destinationPort: 8 });
    expect(events).toEqual([]);
  });
});
