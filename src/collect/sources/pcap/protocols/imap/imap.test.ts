import { expect, test } from 'vitest';
import { cutSteps, inTurn, runConnection } from '../../../../../../tests/support/pcap-connection.ts';
import { analyzer } from './index.ts';

const facts = { destinationPort: 143 };

test.each([1, 9, 500])('tells a session (pieces of %i bytes)', (size) => {
  const plain = Buffer.from('\0ann\0secret').toString('base64');
  const session = inTurn(
    '',
    '* OK ready\r\n',
    'a1 LOGIN "bo\\"b" wrong\r\n',
    'a1 NO no\r\n',
    'a2 AUTHENTICATE PLAIN\r\n',
    '+\r\n',
    `${plain}\r\n`,
    'a2 OK in\r\n',
    'a3 SELECT INBOX\r\na4 UID FETCH 1:* (BODY[])\r\n',
    '* 3 EXISTS\r\na3 OK\r\n* 1 FETCH (BODY[] {3}\r\nabc)\r\na4 OK\r\n',
  ).slice(1);
  const { events, services } = runConnection(analyzer, cutSteps(session, size), facts);
  expect(services).toEqual(['default']);
  expect(events.map(({ fields }) => JSON.parse(String(fields)) as unknown)).toEqual([
    { user: 'ann', success: true, failed_logins: 1, fetches: 1, mailboxes: ['INBOX'] },
  ]);
  expect(JSON.stringify(events)).not.toContain('secret');
});

test('follows STARTTLS', () => {
  const { inner } = runConnection(
    analyzer,
    inTurn('', '* OK\r\n', '. STARTTLS\r\n', '. OK go\r\n', 'hello').slice(1),
    facts,
  );
  expect(inner).toEqual([{ protocol: 'tls', fed: ['client: hello'] }]);
});
