import { expect, test } from 'vitest';
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

test('so are long payloads, with the entropy of their bytes', () => {
  const { events } = run('ab'.repeat(500));
  expect(JSON.parse(String(events[0]?.['fields']))).toMatchObject({ max_payload_bytes: 1000, entropy: 1 });
});

test('other messages of ICMP are not echoes', () => {
  const steps = inTurn('x'.repeat(500));
  expect(runConnection(analyzer, steps, { transport: 'icmp', sourcePort: 3 }).events).toEqual([]);
});
