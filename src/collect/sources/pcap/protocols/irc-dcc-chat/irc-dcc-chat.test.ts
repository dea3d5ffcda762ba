import { expect, test } from 'vitest';
import { inTurn, runConnection } from '../../../../../../tests/support/pcap-connection.ts';
import { analyzer } from './index.ts';

test('names the connection, and keeps nothing of what is said', () => {
  const { events, services, violations } = runConnection(analyzer, inTurn('hi\n', '.login hush\n', '\u0001\n'));
  expect({ events, services, violations }).toEqual({ events: [], services: ['default'], violations: [] });
});

test('bytes that are no text are none', () => {
  expect(runConnection(analyzer, inTurn('\x00\x01\x02'))).toMatchObject({
    services: [],
    violations: ['no text of a chat'],
  });
});
