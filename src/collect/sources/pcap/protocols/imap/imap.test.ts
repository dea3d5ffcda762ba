import { expect, test } from 'vitest';
import { cutSteps, inTurn, runConnection, type Step } from '../../../../../../tests/support/pcap-connection.ts';
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

const mail = (name: string, content: string): string =>
  `From: a@b\r\nContent-Type: application/x; name="${name}"\r\nContent-Transfer-Encoding: base64\r\n\r\n${Buffer.from(content).toString('base64')}\r\n`;

test.each([1, 40, 5000])(
  'tells the files of mails that are fetched, also in pieces, and put there (pieces of %i bytes)',
  (size) => {
    const whole = mail('whole.exe', 'one');
    const pieces = mail('pieces.exe', 'two '.repeat(50));
    const put = mail('put.exe', 'three');
    const session = inTurn(
      '',
      '* OK ready\r\n',
      'a1 LOGIN {3}\r\n',
      '+ go\r\n',
      'ann {6}\r\n',
      '+ go\r\n',
      'secret\r\n',
      'a1 OK in\r\n',
      'a2 UID FETCH 7,8 BODY.PEEK[]\r\n',
      `* 7 FETCH (UID 9 FLAGS () BODY[] {${whole.length}}\r\n${whole})\r\n* 8 FETCH (BODY[HEADER] {4}\r\na: b)\r\na2 OK\r\n`,
      'a3 FETCH 8 BODY.PEEK[]<0.100>\r\na4 FETCH 8 BODY.PEEK[]<100.9999>\r\n',
      `* 8 FETCH (BODY[]<0> {100}\r\n${pieces.slice(0, 100)})\r\na3 OK\r\n` +
        `* 8 FETCH (BODY[]<100> {${pieces.length - 100}}\r\n${pieces.slice(100)})\r\na4 OK\r\n`,
      `a5 APPEND Sent (\\Seen) {${put.length}+}\r\n${put}\r\n`,
      'a5 OK\r\n',
    ).slice(1);
    const { events, files } = runConnection(analyzer, cutSteps(session, size), facts);
    expect(files.map(({ facts: { name, isOrig }, content }) => [name, isOrig, content])).toEqual([
      ['whole.exe', false, 'one'],
      ['pieces.exe', false, 'two '.repeat(50)],
      ['put.exe', true, 'three'],
    ]);
    expect(events.map(({ fields }) => JSON.parse(String(fields)) as unknown)).toEqual([
      { user: 'ann', success: true, fetches: 3 },
    ]);
  },
);

test('a mail whose bytes are missing ends, and what is said behind it is read again', () => {
  const whole = mail('a.exe', 'x'.repeat(300));
  const steps: Step[] = [
    ...inTurn('', '* OK\r\n', 'a LOGIN b c\r\n', 'a OK\r\n', 'b FETCH 1 BODY[]\r\n').slice(1),
    { from: 'server', bytes: Buffer.from(`* 1 FETCH (BODY[] {${whole.length}}\r\n${whole.slice(0, 200)}`) },
    { from: 'server', missing: whole.length - 200 },
    { from: 'server', bytes: Buffer.from(')\r\nb OK\r\n') },
    { from: 'client', bytes: Buffer.from('c LOGIN z wrong\r\n') },
    { from: 'server', bytes: Buffer.from('c NO\r\n') },
  ];
  const { events, files, violations } = runConnection(analyzer, steps, facts);
  expect([violations, files.map(({ isEnded }) => isEnded)]).toEqual([[], [true]]);
  expect(JSON.parse(String(events[0]?.['fields']))).toMatchObject({ failed_logins: 1 });
});

test('follows STARTTLS', () => {
  const { inner } = runConnection(
    analyzer,
    inTurn('', '* OK\r\n', '. STARTTLS\r\n', '. OK go\r\n', 'hello').slice(1),
    facts,
  );
  expect(inner).toEqual([{ protocol: 'tls', fed: ['client: hello'] }]);
});
