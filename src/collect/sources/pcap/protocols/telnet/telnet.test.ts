import { expect, test } from 'vitest';
import { cutSteps, inTurn, runConnection } from '../../../../../../tests/support/pcap-connection.ts';
import { analyzer } from './index.ts';

const terminal = '\xff\xfa\x18\x00xterm\xff\xf0';
const session = inTurn(
  '\xff\xfb\x18',
  '\xff\xfd\x18\xff\xfd\x03gate login: ',
  `${terminal}root\r\0`,
  'root\r\nPassword: ',
  'admin\r\0',
  '\r\nLogin incorrect\r\ngate login: ',
  'admin\r\n',
  'Password: ',
  'secret\r\n',
  '\r\nLast login: Thu\r\n$ ',
  'login: not a prompt\r\n',
);

test.each([1, 7, 500])('tells who logs in, and never a password (pieces of %i bytes)', (size) => {
  const { events, services } = runConnection(analyzer, cutSteps(session, size), { destinationPort: 23 });
  expect(services).toEqual(['default']);
  expect(events.map(({ fields }) => JSON.parse(String(fields)) as unknown)).toEqual([
    { user: 'admin', success: true, failed_logins: 1, terminal: 'xterm' },
  ]);
  expect(events[0]).toMatchObject({ log_name: 'telnet', user_name: 'admin' });
  expect(JSON.stringify(events)).not.toContain('secret');
});

test('recognises options at the start, at any port', () => {
  const first = (resp: string) =>
    analyzer.recognize?.({
      transport: 'tcp',
      orig: new Uint8Array(0),
      resp: Buffer.from(resp, 'latin1'),
      origPort: 1,
      respPort: 9,
    });
  expect(first('\xff\xfd\x18')).toBe('match');
  expect(first('\xff\xfd')).toBe('more');
  expect(first('\xff\xd8\xff\xe0')).toBe('no');
  expect(first('hello')).toBe('no');
});
