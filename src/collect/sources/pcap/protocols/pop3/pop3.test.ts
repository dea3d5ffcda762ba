import { expect, test } from 'vitest';
import { cutSteps, inTurn, runConnection } from '../../../../../../tests/support/pcap-connection.ts';
import { analyzer } from './index.ts';

const facts = { destinationPort: 110 };

test.each([1, 9, 500])('tells a session (pieces of %i bytes)', (size) => {
  const turns = [
    '',
    '+OK ready\r\n',
    'USER ann\r\n',
    '+OK\r\n',
    'PASS wrong\r\n',
    '-ERR no\r\n',
    'PASS secret\r\n',
    '+OK\r\n',
  ];
  const mails = [
    'RETR 1\r\n',
    '+OK\r\nSubject: x\r\n\r\n-ERR is text here\r\n.\r\n',
    'DELE 1\r\n',
    '+OK\r\n',
    'QUIT\r\n',
    '+OK bye\r\n',
  ];
  const steps = cutSteps(
    inTurn(...turns, ...mails).filter((step) => 'bytes' in step && step.bytes.length > 0),
    size,
  );
  const { events, services, violations } = runConnection(analyzer, steps, facts);
  expect([services, violations]).toEqual([['default'], []]);
  expect(events.map((event) => JSON.parse(String(event['fields'])) as unknown)).toEqual([
    { user: 'ann', failed_logins: 1, success: true, retrieved: 1, deleted: 1 },
  ]);
  expect(events[0]).toMatchObject({ user_name: 'ann', time: 1_000_000 });
});

test('reads lists, log-ins in parts, and the files of fetched mails', () => {
  const plain = Buffer.from('\0ann\0secret').toString('base64');
  const content = Buffer.from('.dotted\nand more'.repeat(500));
  const encoded = content.toString('base64').replaceAll(/.{76}/g, '$&\r\n');
  const mail =
    'Subject: x\r\nContent-Type: multipart/mixed; boundary=B\r\n\r\n--B\r\n\r\n..hello\r\n--B\r\n' +
    `Content-Disposition: attachment; filename="a.exe"\r\nContent-Transfer-Encoding: base64\r\n\r\n${encoded}\r\n--B--\r\n.\r\n`;
  const turns = [
    '+OK ready\r\n',
    'AUTH\r\n',
    '+OK\r\nPLAIN\r\n.\r\n',
    'AUTH PLAIN\r\n',
    '+ \r\n',
    `${plain}\r\n`,
    '+OK in\r\n',
    'LIST\r\n',
    '+OK 1 messages:\r\n1 1234\r\n.\r\n',
    'UIDL 1\r\n',
    '+OK 1 abc\r\n',
    'RETR 1\r\n',
    `+OK\r\n${mail}`,
    'QUIT\r\n',
    '+OK bye\r\n',
  ];
  const { events, files, violations } = runConnection(analyzer, cutSteps(inTurn('', ...turns).slice(1), 333), facts);
  expect(violations).toEqual([]);
  expect(events.map((event) => JSON.parse(String(event['fields'])) as unknown)).toEqual([
    { user: 'ann', success: true, retrieved: 1 },
  ]);
  expect(files.map(({ facts: { name, isOrig }, content: text }) => [name, isOrig, text])).toEqual([
    [undefined, false, expect.stringMatching(/^\.hello/)],
    ['a.exe', false, content.toString('latin1')],
  ]);
  expect(JSON.stringify(events)).not.toContain('secret');
});

test('goes on with TLS behind STLS', () => {
  const steps = inTurn('', '+OK\r\n', 'STLS\r\n', '+OK go\r\n', 'hello').filter(
    (step) => 'bytes' in step && step.bytes.length > 0,
  );
  expect(runConnection(analyzer, steps, facts).inner).toEqual([{ protocol: 'tls', fed: ['client: hello'] }]);
});

test('is told by what both sides say', () => {
  const first = { transport: 'tcp', origPort: 1, respPort: 9, resp: Buffer.from('+OK ready\r\n') } as const;
  expect(analyzer.recognize?.({ ...first, orig: Buffer.from('USER a\r\n') })).toBe('match');
  expect(analyzer.recognize?.({ ...first, orig: Buffer.from('GET / HTTP/1.1') })).toBe('no');
  expect(analyzer.recognize?.({ ...first, orig: new Uint8Array(0) })).toBe('more');
});
