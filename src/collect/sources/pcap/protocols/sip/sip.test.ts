import { expect, test } from 'vitest';
import fc from 'fast-check';
import { cutSteps, inTurn, runConnection, type Outcome } from '../../../../../../tests/support/pcap-connection.ts';
import { analyzer } from './index.ts';

const invite =
  'INVITE sip:b@b.test SIP/2.0\r\nf: <sip:a@a.test>;tag=9x\r\nTo: <sip:b@b.test>\r\ni: 7\r\nCSeq: 1 INVITE\r\nUser-Agent: phone\r\nContent-Length: 4\r\n\r\nv=0\n';
const answer = (status: string): string =>
  `SIP/2.0 ${status}\r\nCall-ID: 7\r\nCSeq: 1 INVITE\r\nContent-Length: 0\r\n\r\n`;
const fieldsOf = ({ events }: Outcome): unknown[] =>
  events.map((event) => JSON.parse(String(event['fields'])) as unknown);
const answered = { response_path: [], response_body_len: 0 };
const expected = {
  trans_depth: 0,
  request_path: [],
  request_body_len: 4,
  method: 'INVITE',
  uri: 'sip:b@b.test',
  request_from: '<sip:a@a.test>',
  request_to: '<sip:b@b.test>',
  call_id: '7',
  seq: '1 INVITE',
  user_agent: 'phone',
};

test('pairs a request with its final answer', () => {
  const steps = inTurn(invite, answer('100 Trying'), '\r\n', answer('486 Busy Here'));
  const outcome = runConnection(analyzer, steps, { transport: 'udp', destinationPort: 5060 });
  expect(outcome.services).toEqual(['default']);
  expect(fieldsOf(outcome)).toEqual([{ ...expected, ...answered, status_code: 486, status_msg: 'Busy Here' }]);
});

test('tells the ways of both, the ends as the answer names them, and what the answer carries', () => {
  const ways = 'Via: SIP/2.0/UDP 10.0.0.1;branch=z9hG4b\r\nv: SIP/2.0/UDP 10.0.0.2; branch=y\r\n';
  const request = invite.replace('CSeq', `${ways}Reply-To: <sip:c@a.test>\r\nCSeq`);
  const reply = answer('200 OK').replace(
    'Content-Length: 0',
    `${ways}From: <sip:a@a.test>;tag=9x\r\nTo: <sip:b@b.test>;tag=7\r\nc: application/sdp\r\nl: 12`,
  );
  const outcome = runConnection(analyzer, inTurn(request, `${reply}v=0 \no=- 1\n`), { transport: 'udp' });
  expect(fieldsOf(outcome)).toMatchObject([
    {
      request_path: ['SIP/2.0/UDP 10.0.0.1', 'SIP/2.0/UDP 10.0.0.2'],
      response_path: ['SIP/2.0/UDP 10.0.0.1', 'SIP/2.0/UDP 10.0.0.2'],
      reply_to: '<sip:c@a.test>',
      response_from: '<sip:a@a.test>',
      response_to: '<sip:b@b.test>;tag=7',
      response_body_len: 12,
      content_type: 'application/sdp',
    },
  ]);
});

test('is read the same from a stream, however it is cut', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 60 }), (size) => {
      const steps = cutSteps(inTurn(invite + invite.replaceAll('1 INVITE', '2 INVITE'), answer('200 OK')), size);
      const outcome = runConnection(analyzer, steps, { destinationPort: 5060 });
      expect(fieldsOf(outcome)).toEqual([
        { ...expected, ...answered, status_code: 200, status_msg: 'OK' },
        { ...expected, seq: '2 INVITE' },
      ]);
    }),
    { numRuns: 30 },
  );
});

test('is told by content at any port', () => {
  const first = {
    transport: 'udp',
    orig: Buffer.from(invite),
    resp: new Uint8Array(0),
    origPort: 1,
    respPort: 9,
  } as const;
  expect(analyzer.recognize?.(first)).toBe('match');
  expect(analyzer.recognize?.({ ...first, orig: Buffer.from('GET / HTTP/1.1\r\n') })).toBe('no');
});
