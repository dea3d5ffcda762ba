import { expect, test } from 'vitest';
import { cutSteps, inTurn, runConnection } from '../../../../../../tests/support/pcap-connection.ts';
import { analyzer } from './index.ts';

const sized = (bytes: Buffer): Buffer => {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length + 4);
  return Buffer.concat([length, bytes]);
};
const message = (type: string, text: string): Buffer =>
  Buffer.concat([Buffer.from(type), sized(Buffer.from(text, 'latin1'))]);
const startup = sized(Buffer.from('\0\x03\0\0user\0ann\0database\0shop\0application_name\0psql\0\0', 'latin1'));
const tlsRequest = Buffer.from('0000000804d2162f', 'hex');
const facts = { destinationPort: 5432 };
const session = { user: 'ann', database: 'shop', application_name: 'psql' };

test.each([1, 6, 500])('tells log-in, statements and errors (pieces of %i bytes)', (size) => {
  const turns = [
    startup,
    Buffer.concat([message('R', '\0\0\0\x05salt'), message('R', '\0\0\0\0'), message('Z', 'I')]),
    message('Q', 'SELECT * FROM x\0'),
    Buffer.concat([message('T', '\0\0'), message('D', '\0\0'), message('D', '\0\0'), message('Z', 'I')]),
    message('Q', 'DROP TABLE x\0'),
    Buffer.concat([message('E', 'SERROR\0C42P01\0Mno such table\0\0'), message('Z', 'I')]),
    message('X', ''),
  ];
  const { events, services } = runConnection(analyzer, cutSteps(inTurn(...turns), size), facts);
  expect(services).toEqual(['default']);
  expect(events.map((event) => JSON.parse(String(event['fields'])) as unknown)).toEqual([
    { ...session, frontend: 'startup', backend: 'auth_ok', backend_arg: 'MD5Password', success: true },
    { ...session, frontend: 'simple_query', frontend_arg: 'SELECT * FROM x', success: true, rows: 2 },
    {
      ...session,
      frontend: 'simple_query',
      frontend_arg: 'DROP TABLE x',
      backend: 'error',
      backend_arg: 'SeverityLocalized=ERROR,Code=42P01,Message=no such table',
      success: false,
    },
    { ...session, frontend: 'terminate' },
  ]);
  expect(events[2]?.['user_name']).toBe('ann');
});

test('goes on with TLS where the server takes it, and without where it does not', () => {
  const accepted = runConnection(analyzer, inTurn(tlsRequest, 'S', 'hello'), facts);
  expect(accepted.inner).toEqual([{ protocol: 'tls', fed: ['client: hello'] }]);
  const refused = runConnection(analyzer, inTurn(tlsRequest, 'N', startup), facts);
  expect(refused.events.map((event) => JSON.parse(String(event['fields'])) as unknown)).toEqual([
    { frontend: 'ssl_request', backend: 'ssl_reply', backend_arg: 'N', success: false },
    { ...session, frontend: 'startup' },
  ]);
});

test('is told by its first message', () => {
  const first = { transport: 'tcp', resp: new Uint8Array(0), origPort: 1, respPort: 9 } as const;
  expect(analyzer.recognize?.({ ...first, orig: startup })).toBe('match');
  expect(analyzer.recognize?.({ ...first, orig: startup.subarray(0, 3) })).toBe('more');
  expect(analyzer.recognize?.({ ...first, orig: Buffer.from('GET / HTTP/1.1') })).toBe('no');
  expect(runConnection(analyzer, inTurn('GET / HTTP/1.1'), facts).violations).toEqual(['no PostgreSQL message']);
});
