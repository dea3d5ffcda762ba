import { expect, test } from 'vitest';
import fc from 'fast-check';
import { canonicalIp } from '../../../../../base/ip.ts';
import {
  cutSteps,
  inTurn,
  runConnection,
  type Outcome,
  type Step,
} from '../../../../../../tests/support/pcap-connection.ts';
import { ipAddressesIn, mailAddressesIn, mailboxesIn } from './addresses.ts';
import { analyzer } from './index.ts';
import { recognizeSmtp } from './recognize.ts';

const facts = { destinationPort: 25 } as const;
const lines = (...text: readonly string[]): string => `${text.join('\r\n')}\r\n`;

const mail = lines(
  'Received: from a.test (a.test [192.0.2.9]) by b.test; Mon, 1 Jan 2024 00:00:00 +0000',
  'From: "Ann, A." <ann@a.test>',
  'To: bob@b.test, "Carl, C." <carl@c.test>',
  'Subject: two',
  '\tlines',
  'X-Mailer: M',
  'Message-ID: <1@a.test>',
  'Content-Type: multipart/mixed; boundary=outer',
  '',
  'preamble',
  '--outer',
  'Content-Type: text/plain',
  'Content-Transfer-Encoding: quoted-printable',
  '',
  'caf=C3=A9 =',
  'joined',
  '..dotted',
  '--outer',
  'Content-Type: application/zip; name="a.zip"',
  'Content-Transfer-Encoding: base64',
  '',
  'aGVs',
  'bG8=',
  '--outer--',
  '.',
);
const steps = inTurn(
  lines('EHLO me'),
  lines('250-b.test', '250 STARTTLS'),
  lines('MAIL FROM:<ann@a.test> SIZE=9', 'RCPT TO:<bob@b.test>', 'RCPT TO:<carl@c.test>', 'DATA'),
  lines('250 ok', '250 ok', '250 ok', '354 go'),
  mail,
  lines('250 OK id=7'),
);
const run = (all: readonly Step[]): Outcome => runConnection(analyzer, all, facts);

test('shows envelope, headers, path and parts of a mail', () => {
  const { events, files, services } = run(steps);
  expect(services).toEqual(['default']);
  expect(events).toHaveLength(1);
  expect(events[0]).toMatchObject({
    smtp_helo: 'me',
    email_sender: 'ann@a.test',
    email_recipients: ['bob@b.test', 'carl@c.test'],
    email_from: '"Ann, A." <ann@a.test>',
    email_to: ['bob@b.test', '"Carl, C." <carl@c.test>'],
    email_subject: 'two lines',
    email_message_id: '<1@a.test>',
    email_x_mailer: 'M',
    email_attachments: ['a.zip'],
    smtp_last_reply: '250 OK id=7',
    smtp_path: ['10.0.0.2', '10.0.0.1', '192.0.2.9'],
    smtp_tls: false,
    file_uids: ['F1', 'F2'],
  });
  expect(files.map(({ content, facts: { name, depth } }) => [content, name, depth])).toEqual([
    ['caf\u00c3\u00a9 joined\r\n.dotted', undefined, 2],
    ['hello', 'a.zip', 3],
  ]);
});

test('is read the same however the segments are cut', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 60 }), (size) => {
      const { events, files } = run(cutSteps(steps, size));
      expect(events[0]).toMatchObject({ email_subject: 'two lines', smtp_last_reply: '250 OK id=7' });
      expect(files[1]?.content).toBe('hello');
    }),
    { numRuns: 30 },
  );
});

test('reads mails that are sent in chunks, and several in one connection', () => {
  const chunk = 'Subject: c\r\n\r\n.body';
  const send = [
    lines('MAIL FROM:<a@a.test>', 'RCPT TO:<b@b.test>') + lines(`BDAT ${chunk.length} LAST`) + chunk,
    lines('250 a', '250 b', '250 sent'),
  ];
  const { events, files } = run(inTurn(lines('EHLO x'), lines('250 hi'), ...send, ...send));
  expect(events.map((event) => [event['email_subject'], event['smtp_last_reply'], event['smtp_helo']])).toEqual([
    ['c', '250 sent', 'x'],
    ['c', '250 sent', 'x'],
  ]);
  expect(files.map(({ content }) => content)).toEqual(['.body', '.body']);
});

test('a refused mail body leaves the commands', () => {
  const { events } = run(
    inTurn(lines('EHLO x', 'MAIL FROM:<a@a.test>', 'DATA'), lines('250 x', '250 ok', '503 no'), lines('QUIT')),
  );
  expect(events[0]).toMatchObject({ email_sender: 'a@a.test', smtp_last_reply: '503 no' });
});

test('goes over to TLS', () => {
  const { inner, events } = run(inTurn(lines('EHLO x'), lines('250 x'), lines('STARTTLS'), lines('220 go'), 'hello'));
  expect(inner).toEqual([{ protocol: 'tls', fed: ['client: hello'] }]);
  expect(events[0]).toMatchObject({ smtp_tls: true, smtp_helo: 'x' });
});

test('bytes that are no SMTP are a violation', () => {
  expect(run(inTurn(lines('GET / HTTP/1.1'))).violations).toEqual([]);
  expect(run(inTurn('\x16\x03\x01\r\n')).violations).toEqual(['no SMTP command']);
});

test('addresses', () => {
  expect(mailAddressesIn('<a@b.test> ORCPT=rfc822;x')).toEqual(['a@b.test']);
  expect(mailboxesIn('"A, B" <a@b>, c@d')).toEqual(['"A, B" <a@b>', 'c@d']);
  const header = 'from x (1.2.3.4) ([IPv6:2001:db8::1]) by 5.6.7.8';
  expect(ipAddressesIn(header, true, canonicalIp)).toEqual(['1.2.3.4', '2001:db8::1']);
  expect(ipAddressesIn(header, false, canonicalIp)).toContain('5.6.7.8');
});

test('is told by content at any port', () => {
  const first = {
    transport: 'tcp',
    orig: Buffer.from('ehlo x'),
    resp: Buffer.from('220 hi'),
    origPort: 1,
    respPort: 9,
  } as const;
  expect(recognizeSmtp(first)).toBe('match');
  expect(recognizeSmtp({ ...first, orig: new Uint8Array(0) })).toBe('more');
  expect(recognizeSmtp({ ...first, orig: Buffer.from('USER a') })).toBe('no');
});
