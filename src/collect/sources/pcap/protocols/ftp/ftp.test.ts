import { expect, test } from 'vitest';
import { inTurn, runConnection, type Outcome } from '../../../../../../tests/support/pcap-connection.ts';
import { analyzer } from './index.ts';

const run = (...texts: readonly string[]): Outcome =>
  runConnection(analyzer, inTurn(...texts.map((text) => `${text}\r\n`)), { destinationPort: 21 });

test('records what moves files, with user, folder and reply, and expects the data connections', () => {
  const { events, expected, announced, services } = run(
    'USER ann',
    '220-hello\r\n220 ready\r\n331 password',
    'PASS secret',
    '230 in',
    'CWD /pub',
    '250 ok',
    'PASV',
    '227 Entering Passive Mode (192,0,2,1,4,1)',
    'RETR a.bin',
    '150 opening a.bin (4096 bytes).\r\n226 done',
    'EPSV',
    '229 Entering Extended Passive Mode (|||6446|)',
    'PORT 10,0,0,1,200,10',
    '200 ok',
    'EPRT |2|2001:db8::1|5282|',
    '200 ok',
  );
  expect(services).toEqual(['default']);
  expect(expected).toEqual([
    '192.0.2.1 1025 ftp-data',
    '10.0.0.2 6446 ftp-data',
    '10.0.0.1 51210 ftp-data',
    '2001:db8::1 5282 ftp-data',
  ]);
  expect(announced[0]).toEqual({ name: 'a.bin', skippedBytes: 0 });
  expect(events.map((event) => event['message'])).toEqual([
    'PASV',
    'RETR a.bin',
    'EPSV',
    'PORT 10,0,0,1,200,10',
    'EPRT |2|2001:db8::1|5282|',
  ]);
  expect(events[1]).toMatchObject({ log_name: 'ftp', user_name: 'ann' });
  const fields = events.map((event) => JSON.parse(String(event['fields'])) as Record<string, unknown>);
  expect(fields[0]).toEqual({
    user: 'ann',
    password: '<hidden>',
    command: 'PASV',
    cwd: '/pub',
    reply_code: 227,
    reply_msg: 'Entering Passive Mode (192,0,2,1,4,1)',
    'data_channel.passive': true,
    'data_channel.orig_h': '10.0.0.1',
    'data_channel.resp_h': '192.0.2.1',
    'data_channel.resp_p': 1025,
  });
  expect(fields[1]).toMatchObject({ cwd: '/pub', reply_code: 226, arg: 'ftp://10.0.0.2/pub/a.bin', file_size: 4096 });
  expect(fields[1]).not.toHaveProperty('data_channel.passive');
  expect(fields[3]).toMatchObject({ 'data_channel.passive': false, 'data_channel.orig_h': '10.0.0.2' });
  expect(JSON.stringify(events)).not.toContain('secret');
});

test('keeps what a guest sends for a password, and the last word of the server where the connection ends', () => {
  const { events } = run(
    'USER anonymous',
    '331 password',
    'PASS me@a.test',
    '230 in',
    'PWD',
    '257 "/a ""b"" c" is here',
    'CDUP',
    '250 ok',
    'CWD c/./d/..',
    '250 ok',
    'STOR ../../../e',
    '150 go on',
  );
  expect(JSON.parse(String(events[0]?.['fields']))).toMatchObject({
    password: 'me@a.test',
    cwd: '/c',
    arg: 'ftp://10.0.0.2/e',
    reply_code: 150,
  });
});

test('says which file a data connection goes on with, and from where', () => {
  const { announced } = run(
    'EPSV',
    '229 (|||6446|)',
    'REST 1000',
    '350 ok',
    'RETR /pub/a.bin',
    '150 opening\r\n226 done',
    'EPSV',
    '229 (|||6447|)',
    'LIST',
    '150 opening\r\n226 done',
  );
  expect(announced).toEqual([{ name: 'a.bin', skippedBytes: 1000 }, { skippedBytes: 0 }]);
});

test('goes over to TLS', () => {
  const { inner } = run('AUTH TLS', '234 go', 'hello');
  expect(inner).toEqual([{ protocol: 'tls', fed: ['client: hello\r\n'] }]);
});

test('addresses that are none are not expected', () => {
  expect(
    run('PASV', '227 (999,0,0,1,4,1)', 'EPRT |1|nowhere|1|', '200 ok', 'EPSV', '229 (|||99999|)').expected,
  ).toEqual([]);
});

test('is told by content at any port', () => {
  const first = {
    transport: 'tcp',
    orig: Buffer.from('USER ann\r\n'),
    resp: Buffer.from('220 hi\r\n'),
    origPort: 1,
    respPort: 9,
  } as const;
  expect(analyzer.recognize?.(first)).toBe('match');
  expect(analyzer.recognize?.({ ...first, orig: new Uint8Array(0) })).toBe('more');
  expect(analyzer.recognize?.({ ...first, orig: Buffer.from('EHLO a.test and more\r\n') })).toBe('no');
});
