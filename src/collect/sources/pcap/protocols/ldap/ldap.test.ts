import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cutSteps, inTurn, runConnection, type Outcome } from '../../../../../../tests/support/pcap-connection.ts';
import { analyzer } from './index.ts';

const element = (tag: number, ...parts: readonly (Uint8Array | string)[]): Buffer => {
  const content = Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part)));
  const length = content.length < 128 ? [content.length] : [0x82, content.length >> 8, content.length & 255];
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
};
const integer = (value: number): Buffer => element(2, Uint8Array.from([value]));
const enumerated = (value: number): Buffer => element(10, Uint8Array.from([value]));
const message = (id: number, operation: Uint8Array): Buffer => element(0x30, integer(id), operation);
const result = (tag: number, code: number, diagnostic = ''): Buffer =>
  element(tag, enumerated(code), element(4), element(4, diagnostic));

const bind = element(0x60, integer(3), element(4, 'cn=ann'), element(0x80, 'secret'));
const filter = element(
  0xa0,
  element(0xa3, element(4, 'uid'), element(4, 'x')),
  element(0xa2, element(0x87, 'mail')),
  element(0xa4, element(4, 'cn'), element(0x30, element(0x80, 'a'), element(0x81, 'b'))),
);
const search = element(
  0x63,
  element(4, 'dc=test'),
  enumerated(2),
  enumerated(0),
  integer(0),
  integer(0),
  element(1, Uint8Array.from([0])),
  filter,
  element(0x30, element(4, 'cn')),
);
const exchange = inTurn(
  message(1, bind),
  message(1, result(0x61, 49, 'no')),
  message(2, search),
  Buffer.concat([message(2, element(0x64, element(4, 'cn=1'), element(0x30))), message(2, result(0x65, 0))]),
);
const fieldsOf = ({ events }: Outcome): unknown[] =>
  events.map((event) => JSON.parse(String(event['fields'])) as unknown);

test('pairs requests with their results, however they are cut, and keeps no password', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 100 }), (size) => {
      const outcome = runConnection(analyzer, cutSteps(exchange, size), { destinationPort: 389 });
      expect(outcome.services).toEqual(['ldap_tcp']);
      expect(outcome.events.map((event) => [event['log_name'], event['user_name']])).toEqual([
        ['ldap', 'cn=ann'],
        ['ldap_search', null],
      ]);
      expect(fieldsOf(outcome)).toEqual([
        {
          message_id: 1,
          version: 3,
          opcode: 'bind simple',
          object: 'cn=ann',
          argument: 'REDACTED',
          result: 'invalid credentials',
          diagnostic_message: 'no',
        },
        {
          message_id: 2,
          scope: 'tree',
          deref_aliases: 'never',
          base_object: 'dc=test',
          filter: '(&(&(uid=x)(!(mail=*)))(cn=a*b*))',
          attributes: ['cn'],
          result: 'success',
          result_count: 1,
        },
      ]);
      expect(JSON.stringify(outcome.events)).not.toContain('secret');
    }),
    { numRuns: 30 },
  );
});

test('goes over to TLS', () => {
  const startTls = element(0x77, element(0x80, '1.3.6.1.4.1.1466.20037'));
  const { inner } = runConnection(analyzer, inTurn(message(1, startTls), message(1, result(0x78, 0)), 'hello'));
  expect(inner).toEqual([{ protocol: 'tls', fed: ['client: hello'] }]);
});

test('tells what has no answer, and answers whose request is not there', () => {
  const outcome = runConnection(
    analyzer,
    inTurn(
      message(1, element(0x60, integer(3), element(4), element(0x80))),
      Buffer.concat([message(1, result(0x61, 0)), message(7, element(0x64, element(4, 'cn=1'), element(0x30)))]),
      message(2, element(0x6c, element(4, 'cn=a'), element(4, 'cn=b'))),
      Buffer.concat([message(7, result(0x65, 4)), message(2, result(0x6d, 36)), message(0, result(0x78, 52))]),
      message(3, element(0x77, element(0x80, '1.3.6.1.4.1.4203.1.11.3'))),
      message(3, result(0x78, 0)),
      Buffer.concat([message(4, element(0x50, Uint8Array.from([3]))), message(5, element(0x42))]),
    ),
    { destinationPort: 389 },
  );
  expect(fieldsOf(outcome)).toEqual([
    { message_id: 1, version: 3, opcode: 'bind simple', result: 'success' },
    { message_id: 7, result: 'size limit exceeded', result_count: 1 },
    { message_id: 2, opcode: 'modify', object: 'cn=a', argument: 'cn=b', result: 'alias dereferencing problem' },
    { message_id: 0, opcode: 'extended', result: 'unavailable' },
    { message_id: 3, opcode: 'extended', object: '1.3.6.1.4.1.4203.1.11.3 (whoami)', result: 'success' },
    { message_id: 4, opcode: 'abandon', object: '3' },
    { message_id: 5, opcode: 'unbind' },
  ]);
});

test('what SASL encrypts is passed over without a word', () => {
  const sasl = element(0x60, integer(3), element(4), element(0xa3, element(4, 'GSSAPI')));
  const steps = inTurn(message(1, sasl), message(1, result(0x61, 0)), Buffer.from([0, 0, 0, 2, 9, 9]));
  const outcome = runConnection(analyzer, steps, { destinationPort: 389 });
  expect(outcome.violations).toEqual([]);
  expect(fieldsOf(outcome)).toMatchObject([{ opcode: 'bind SASL', argument: 'GSSAPI', result: 'success' }]);
});

test('reads what Kerberos signs and does not encrypt, wherever its checksum stands', () => {
  const sasl = element(0x60, integer(3), element(4), element(0xa3, element(4, 'GSS-SPNEGO')));
  const token = (flags: number, ec: number, rrc: number, body: Uint8Array): Buffer => {
    const header = Buffer.from([5, 4, flags, 0xff, 0, ec, 0, rrc, 0, 0, 0, 0, 0, 0, 0, 1]);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(header.length + body.length);
    return Buffer.concat([length, header, body]);
  };
  const checksum = Buffer.from('123456789012');
  const steps = inTurn(
    message(1, sasl),
    message(1, result(0x61, 0)),
    token(4, 12, 12, Buffer.concat([checksum, message(2, search)])),
    token(5, 12, 0, Buffer.concat([message(2, result(0x65, 0)), checksum])),
    token(6, 0, 28, Buffer.alloc(60, 0x30)),
    token(5, 200, 0, checksum),
  );
  for (const size of [1, 13, 500]) {
    const outcome = runConnection(analyzer, cutSteps(steps, size), { destinationPort: 389 });
    expect(outcome.violations).toEqual([]);
    expect(fieldsOf(outcome)).toMatchObject([
      { opcode: 'bind SASL', argument: 'GSS-SPNEGO', result: 'success' },
      { message_id: 2, base_object: 'dc=test', result: 'success', result_count: 0 },
    ]);
  }
  const plain = inTurn(message(1, sasl), message(1, result(0x61, 0)), message(2, search), message(2, result(0x65, 0)));
  expect(fieldsOf(runConnection(analyzer, plain, { destinationPort: 389 }))).toHaveLength(2);
});

test('writes what a ping of Active Directory asks for as text', () => {
  const equal = (name: string, value: Uint8Array): Buffer => element(0xa3, element(4, name), element(4, value));
  const guid = Uint8Array.from({ length: 16 }, (_none, index) => index);
  const sid = Buffer.from('010500000000000515000000010000000200000003000000', 'hex');
  const asked = element(
    0xa0,
    equal('NtVer', Uint8Array.from([6, 0, 0, 0x20])),
    equal('DomainGuid', guid),
    equal('DomainSid', sid),
    equal('AAC', Uint8Array.from([1, 0x1f])),
  );
  const ping = element(
    0x63,
    element(4),
    enumerated(0),
    enumerated(0),
    integer(0),
    integer(0),
    element(1, Uint8Array.from([0])),
    asked,
  );
  const { events } = runConnection(analyzer, inTurn(message(1, ping)), { destinationPort: 389 });
  expect(JSON.parse(String(events[0]?.['fields']))).toMatchObject({
    filter:
      '(&(&(&(NtVer=0x20000006)(DomainGuid=03020100-0504-0706-0809-0a0b0c0d0e0f))(DomainSid=S-1-5-21-1-2-3))(AAC=01:1f))',
    result_count: 0,
  });
});

test('bytes that are no LDAP are a violation', () => {
  expect(runConnection(analyzer, inTurn('GET / HTTP/1.1')).violations).toEqual(['no LDAP message']);
});

test('filters inside filters end', () => {
  let deep = element(0x87, 'x');
  for (let depth = 0; depth < 100; depth++) deep = element(0xa2, deep);
  const request = element(
    0x63,
    element(4),
    enumerated(0),
    enumerated(0),
    integer(0),
    integer(0),
    element(1, Uint8Array.from([0])),
    deep,
  );
  const outcome = runConnection(analyzer, inTurn(message(1, request)));
  expect(JSON.stringify(fieldsOf(outcome))).toContain('(!(?)');
});

test('holds a bounded number of bytes of requests that wait for their result', () => {
  const long = (id: number): Buffer =>
    message(id, element(0x68, element(4, `cn=${'x'.repeat(30_000)}`), element(0x30)));
  const flood = runConnection(
    analyzer,
    inTurn(Buffer.concat(Array.from({ length: 50 }, (_none, id) => long(id + 1)))),
    {
      destinationPort: 389,
    },
  );
  expect(flood.events).toHaveLength(8);
  const steps = Array.from({ length: 50 }, (_none, id) => [long(id + 1), message(id + 1, result(0x69, 0))]).flat();
  expect(runConnection(analyzer, inTurn(...steps), { destinationPort: 389 }).events).toHaveLength(50);
});

test('is told by content at any port', () => {
  const first = {
    transport: 'tcp',
    orig: message(1, bind),
    resp: new Uint8Array(0),
    origPort: 1,
    respPort: 9,
  } as const;
  expect(analyzer.recognize?.(first)).toBe('match');
  expect(analyzer.recognize?.({ ...first, orig: Uint8Array.from([0x30, 5]) })).toBe('more');
  expect(analyzer.recognize?.({ ...first, orig: Buffer.from('0123456789abcdef') })).not.toBe('match');
});
