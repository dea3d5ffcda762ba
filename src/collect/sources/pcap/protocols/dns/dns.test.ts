import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { runConnection, type Step } from '../../../../../../tests/support/pcap-connection.ts';
import { Cursor } from '../../wire/cursor.ts';
import { analyzer } from './index.ts';
import { readDnsMessage } from './message.ts';
import { decodeNetbiosName, readName } from './name.ts';
import { recognizeDns } from './recognize.ts';

const udp = { transport: 'udp', destinationPort: 53 } as const;

const word = (value: number): number[] => [value >> 8, value & 255];
const label = (text: string): number[] => [text.length, ...Buffer.from(text, 'latin1')];
const name = (text: string): number[] => [...text.split('.').flatMap(label), 0];

function header(id: number, flags: number, counts: readonly [number, number, number, number]): number[] {
  return [...word(id), ...word(flags), ...counts.flatMap(word)];
}

const question = (text: string, type: number, dnsClass = 1): number[] => [
  ...name(text),
  ...word(type),
  ...word(dnsClass),
];

/** A record whose owner is a pointer to the question. */
function record(type: number, ttl: number, data: readonly number[]): number[] {
  return [0xc0, 12, ...word(type), ...word(1), 0, 0, ...word(ttl), ...word(data.length), ...data];
}

const query = (id: number, text: string, type = 1): Uint8Array =>
  Uint8Array.from([...header(id, 0x0100, [1, 0, 0, 0]), ...question(text, type)]);

function answer(
  id: number,
  text: string,
  type: number,
  records: readonly (readonly number[])[],
  flags = 0x8580,
): Uint8Array {
  return Uint8Array.from([...header(id, flags, [1, records.length, 0, 0]), ...question(text, type), ...records.flat()]);
}

const client = (bytes: Uint8Array): Step => ({ from: 'client', bytes });
const server = (bytes: Uint8Array): Step => ({ from: 'server', bytes });

describe('transactions', () => {
  test('pairs a query with its answer', () => {
    const { events, services } = runConnection(
      analyzer,
      [
        client(query(7, 'WWW.Example.org')),
        server(answer(7, 'www.example.org', 1, [record(5, 60, name('a.example.net')), record(1, 30, [192, 0, 2, 1])])),
      ],
      udp,
    );
    expect(services).toEqual(['default']);
    expect(events).toHaveLength(1);
    expect(events[0]).toMatchObject({
      time: 2_000_000,
      evidence_at: 1,
      dns_id: 7,
      dns_question_name: 'www.example.org',
      dns_question_type: 'A',
      dns_question_class: 'IN',
      dns_response_code: 'NOERROR',
      dns_answers: ['a.example.net', '192.0.2.1'],
      dns_answer_types: ['CNAME', 'A'],
      dns_answer_ttls: ['60', '30'],
      dns_resolved_ip: ['192.0.2.1'],
      dns_authoritative: true,
      dns_recursion_desired: true,
      dns_recursion_available: true,
      dns_rejected: false,
      event_duration: 1_000_000,
    });
  });

  test('keeps queries of the same id apart, in order', () => {
    const { events } = runConnection(
      analyzer,
      [
        client(query(1, 'a.test')),
        client(query(1, 'b.test')),
        server(answer(1, 'a.test', 1, [record(1, 1, [1, 1, 1, 1])])),
      ],
      udp,
    );
    expect(events.map((event) => [event['dns_question_name'], event['dns_response_code']])).toEqual([
      ['a.test', 'NOERROR'],
      ['b.test', null],
    ]);
  });

  test('tells a refusal without records as rejected, with nothing that only an answer says', () => {
    const { events } = runConnection(
      analyzer,
      [client(query(9, 'x.test')), server(answer(9, 'x.test', 1, [], 0x8183))],
      udp,
    );
    expect(events[0]).toMatchObject({
      dns_response_code: 'NXDOMAIN',
      dns_rejected: true,
      dns_answers: null,
      event_duration: null,
      dns_recursion_available: false,
    });
  });

  test('turns a flow round that begins with an answer', () => {
    const bytes = answer(3, 'a.test', 1, [record(1, 1, [1, 2, 3, 4])]);
    const { events, flips } = runConnection(analyzer, [client(bytes)], udp);
    expect(flips).toBe(1);
    expect(events[0]).toMatchObject({ dns_question_name: 'a.test', dns_question_type: null, dns_answers: ['1.2.3.4'] });
    expect(runConnection(analyzer, [client(bytes)], { ...udp, destinationIp: '224.0.0.251' }).flips).toBe(0);
  });

  test('hands over all that waits when an attacker asks with ever new ids', () => {
    const steps = Array.from({ length: 500 }, (_none, id) => client(query(id, `n${id}.test`)));
    const { events } = runConnection(analyzer, steps, udp);
    expect(new Set(events.map((event) => event['dns_id'])).size).toBe(500);
  });
});

test('reads messages of a TCP stream, however it is cut', () => {
  const messages = [query(1, 'a.test'), query(2, 'b.test', 16)];
  const stream = Buffer.concat(messages.flatMap((bytes) => [Buffer.from(word(bytes.length)), bytes]));
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 40 }), (size) => {
      const steps: Step[] = [];
      for (let at = 0; at < stream.length; at += size) steps.push(client(stream.subarray(at, at + size)));
      const { events } = runConnection(analyzer, steps, { destinationPort: 53 });
      expect(events.map((event) => event['dns_question_type'])).toEqual(['A', 'TXT']);
    }),
  );
});

test('types have the names of Zeek, where NetBIOS has one', () => {
  const { events } = runConnection(analyzer, [client(query(1, 'a.test', 32)), client(query(2, 'a.test', 31))], udp);
  expect(events.map((event) => event['dns_question_type'])).toEqual(['NB', 'NIMLOC']);
});

describe('answers in the words of Zeek', () => {
  const text = (type: number, data: readonly number[]): unknown =>
    readDnsMessage(answer(1, 'o.test', type, [record(type, 1, data)]), { isNetbios: false })?.answers[0]?.text;
  const string = (value: string): number[] => label(value);

  test.each([
    ['TXT', 16, [...string('v=1'), ...string('two words')], 'TXT 3 v=1 TXT 9 two words'],
    ['SPF', 99, string('v=spf1'), 'SPF 6 v=spf1'],
    ['MX', 15, [0, 10, ...name('mx.test')], 'mx.test'],
    ['SRV', 33, [0, 1, 0, 2, 1, 187, ...name('srv.test')], 'srv.test'],
    ['AAAA', 28, [0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1], '2001:db8::1'],
    ['DNAME', 39, name('moved.test'), 'moved.test'],
    ['DS', 43, [1, 2, 8, 2, 9, 9], 'DS 8 2'],
    ['DNSKEY', 48, [1, 1, 3, 13, 1, 2], 'DNSKEY 13'],
    ['RRSIG', 46, [0, 1, ...Array<number>(16).fill(0), 0, 9], 'RRSIG 1 <Root>'],
    ['NSEC', 47, [...name('b.test'), 0, 1, 64], 'NSEC o.test b.test'],
    ['SSHFP', 44, [1, 1, 0xab, 0xcd], 'SSHFP: abcd'],
    [
      'NAPTR',
      35,
      [0, 1, 0, 2, ...string('s'), ...string('SIP+D2U'), 0, ...name('r.test')],
      'NAPTR 1 2 s SIP+D2U r.test',
    ],
    ['NULL', 10, [1, 2, 3], '<unknown type=10>'],
    ['HTTPS', 65, [0, 1, 0, 0, 1, 0, 6, 2, 104, 51, 2, 104, 50], 'HTTPS 1 . alpn=h3,h2'],
    ['CAA', 257, [0, ...string('issue'), ...Buffer.from('ca.test')], 'CAA 0 issue ca.test'],
  ])('%s', (_label, type, data, expected) => {
    expect(text(type, data)).toBe(expected);
  });

  test('an address of another length is no address', () => {
    expect(text(1, [1, 2, 3])).toBeUndefined();
  });
});

describe('names', () => {
  const read = (bytes: readonly number[], at = 0): string | undefined => {
    const cursor = new Cursor(Uint8Array.from(bytes), at);
    return readName(cursor);
  };

  test('are lower case, without the final dot', () => {
    expect(read(name('A.Bc'))).toBe('a.bc');
    expect(read([0])).toBe('');
  });

  test('follow pointers backwards only, so that none goes round', () => {
    const bytes = [...name('test'), ...label('a'), 0xc0, 0];
    expect(read(bytes, 6)).toBe('a.test');
    expect(read([0xc0, 0])).toBeUndefined();
    expect(read([0xc0, 2, 0xc0, 0])).toBeUndefined();
    expect(read([...label('a'), 0xc0, 0])).toBeUndefined();
  });

  test('keep bytes that are no UTF-8', () => {
    expect(read([2, 0xff, 0x41, 0])).toBe(String.raw`\xffa`);
  });

  test('of NetBIOS are decoded, without the blanks that fill them up', () => {
    expect(decodeNetbiosName('FHEPFCELEHFCEPFFFACACACACACACACA'.toLowerCase())).toBe('WORKGROUP');
    expect(decodeNetbiosName('www.test')).toBeUndefined();
  });
});

describe('answers of the NetBIOS name service', () => {
  const netbios = { transport: 'udp', destinationPort: 137 } as const;
  const encoded = (text: string, suffix: number): number[] => {
    const bytes = [...Buffer.from(text.padEnd(15)), suffix];
    return [32, ...bytes.flatMap((byte) => [65 + (byte >> 4), 65 + (byte & 15)]), 0];
  };
  const reply = (type: number, data: readonly number[]): Uint8Array =>
    Uint8Array.from([
      ...header(7, 0x8400, [0, 1, 0, 0]),
      ...encoded('FILESRV', 0x20),
      ...word(type),
      ...word(1),
      0,
      0,
      0,
      60,
      ...word(data.length),
      ...data,
    ]);

  test('tell the name and who answers for it', () => {
    const data = [0x60, 0, 10, 1, 1, 66, 0x60, 0, 10, 1, 1, 67];
    const { events } = runConnection(analyzer, [server(reply(32, data))], netbios);
    expect(events[0]).toMatchObject({
      dns_question_name: 'FILESRV',
      dns_answers: ['10.1.1.66 10.1.1.67'],
      dns_answer_types: ['NB'],
      dns_resolved_ip: ['10.1.1.66', '10.1.1.67'],
    });
  });

  test('tell the names of a node, as far as they are there', () => {
    const entry = (text: string, suffix: number): number[] => [...Buffer.from(text.padEnd(15)), suffix, 4, 0];
    const data = [9, ...entry('SRV9', 0), ...entry('WORKGROUP', 0x1c), 1, 2, 3];
    const { events } = runConnection(analyzer, [server(reply(33, data))], netbios);
    expect(events[0]).toMatchObject({
      dns_answers: ['NBSTAT SRV9<00> WORKGROUP<1c>'],
      dns_answer_types: ['NBSTAT'],
      dns_resolved_ip: [],
    });
  });
});

test('is told by content at any port', () => {
  const first = {
    transport: 'udp',
    orig: query(1, 'a.test'),
    resp: new Uint8Array(0),
    origPort: 1,
    respPort: 9,
  } as const;
  expect(recognizeDns(first)).toBe('match');
  expect(recognizeDns({ ...first, orig: Buffer.from('GET / HTTP/1.1\r\nHost: a\r\n\r\n') })).toBe('no');
  expect(recognizeDns({ ...first, transport: 'tcp', orig: Uint8Array.from([0, 24]) })).toBe('more');
});

test('ends on any bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.boolean(), (bytes, isNetbios) => {
      const message = readDnsMessage(bytes, { isNetbios });
      expect(message === undefined).toBe(bytes.length < 12);
      for (const { name: owner } of message?.answers ?? []) expect(owner.length).toBeLessThan(2100);
    }),
    { numRuns: 500 },
  );
});
