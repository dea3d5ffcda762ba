import { expect, test } from 'vitest';
import { inTurn, runConnection } from '../../../../../../tests/support/pcap-connection.ts';
import { analyzer } from './index.ts';

const facts = { transport: 'udp', destinationPort: 514 } as const;
const failed = '<34>Oct 11 22:14:15 gate su: failed for ann on /dev/pts/8\n';

test('tells messages with facility and severity', () => {
  const { events, services } = runConnection(analyzer, inTurn(failed), facts);
  expect(services).toEqual(['default']);
  const message = 'Oct 11 22:14:15 gate su: failed for ann on /dev/pts/8';
  expect(events[0]).toMatchObject({ log_name: 'syslog', message });
  expect(JSON.parse(String(events[0]?.['fields']))).toEqual({ facility: 'AUTH', severity: 'CRIT', message });
});

test.each(['hello', '<999>x', '<>x', '<34'])('%s is a violation', (text) => {
  expect(runConnection(analyzer, inTurn(text), facts).violations).toEqual(['no syslog message']);
});

test('is told by content beside its port only', () => {
  const first = { transport: 'udp', orig: Buffer.from(failed), resp: new Uint8Array(0), origPort: 1 } as const;
  expect(analyzer.recognize?.({ ...first, respPort: 514 })).toBe('match');
  expect(analyzer.recognize?.({ ...first, respPort: 5514 })).toBe('no');
});
