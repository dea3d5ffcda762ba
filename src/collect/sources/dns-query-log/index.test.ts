import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { contentOf, decodeContent, placesOf } from '../../../../tests/support/decode-content.ts';
import { parseIsoMicros } from '../../../base/time.ts';
import type { VakthundEvent } from '../../../events/event.ts';
import { source } from './index.ts';

const read = (name: string): Buffer => readFileSync(new URL(`testdata/${name}`, import.meta.url));

function ofKind(events: readonly VakthundEvent[]): readonly VakthundEvent[] {
  return events.filter((event) => event.kind === 'dns');
}

describe('dns-query-log, detect', () => {
  it.each(['dnsmasq.log', 'unbound.log', 'named.log'])('knows %s', (name) => {
    expect(source.detect('x', read(name))).toBe('certain');
  });

  it.each([
    '',
    'Nov 26 01:57:18 dnsmasq[7]: started, version 2.90\n',
    'Nov 26 01:57:18 node1 dnsmasq[7]: query[A] a.example from 10.0.0.5\n',
    '[1795658239] unbound[7:0] notice: init module 0: iterator\n',
  ])('does not know %j', (content) => {
    expect(source.detect('queries.log', Buffer.from(content))).toBeUndefined();
  });
});

describe('dns-query-log, decode', () => {
  it('reads questions and answers of dnsmasq', async () => {
    const { events, problems } = await decodeContent(source, read('dnsmasq.log'), 'dnsmasq.log-20261127');
    expect(problems).toEqual([]);
    const dns = ofKind(events);
    expect(contentOf(dns[0])).toEqual({
      kind: 'dns',
      time: parseIsoMicros('2026-11-26T01:57:19Z'),
      event_dataset: 'dns.dnsmasq',
      evidence_id: 0,
      evidence_at: 5,
      dns_type: 'query',
      source_ip: '127.0.0.1',
      source_port: 59_140,
      dns_question_name: 'a.c2.example',
      dns_question_type: 'A',
      fields: { pid: 20_311, serial: 1 },
    });
    expect(dns.slice(1)).toMatchObject([
      {
        dns_type: 'answer',
        dns_response_code: 'NOERROR',
        dns_answers: ['198.51.100.7'],
        dns_resolved_ip: ['198.51.100.7'],
      },
      { dns_type: 'query', dns_question_name: 'x.other.example', dns_question_type: 'TXT' },
      { dns_type: 'answer', dns_question_name: null, dns_response_code: 'REFUSED', dns_answers: [] },
      { dns_type: 'query', source_ip: '127.0.0.1', source_port: null },
      { dns_type: 'answer', source_ip: null },
      { dns_type: 'query' },
      { dns_type: 'answer' },
    ]);
    expect(events[0]).toMatchObject({ kind: 'log', log_name: 'dnsmasq' });
  });

  it('reads questions and replies of Unbound', async () => {
    const { events } = await decodeContent(source, read('unbound.log'));
    expect(ofKind(events)).toMatchObject([
      { dns_type: 'query', dns_question_name: 'a.c2.example', dns_question_class: 'IN', dns_response_code: null },
      { dns_type: null, dns_response_code: 'NXDOMAIN', event_duration: 0, time: 1_795_658_241_000_000 },
      { dns_question_type: 'TXT' },
      { dns_response_code: 'NOERROR' },
    ]);
  });

  it('reads addresses with a zone, what a blocker answers, and the times and marks of Unbound', async () => {
    const lines = [
      'Mar  1 10:00:00 dnsmasq[7]: query[AAAA] a.example from fe80::1%eth0',
      'Mar  1 10:00:00 dnsmasq[7]: 12 10.0.0.5/4000 gravity blocked ads.example is 0.0.0.0',
      'Mar 01 10:00:00 unbound[12:0] info: fe80::1%eth0 b.example. AAAA IN',
      '2026-03-01T11:00:00.5+01:00 unbound[12:0] info: reply: 10.0.0.5 c.example. A IN NOERROR 0.01 0 60',
      '01-Mar-2026 10:00:00.123 client @0x7f fe80::2%lan#4000 (d.example): query: d.example IN A + (10.0.0.9)',
    ];
    const { events, problems } = await decodeContent(source, lines.join('\n'), 'queries-20260302.log');
    expect(problems).toEqual([]);
    const time = parseIsoMicros('2026-03-01T10:00:00Z');
    expect(events).toMatchObject([
      { kind: 'dns', time, source_ip: 'fe80::1', dns_question_name: 'a.example' },
      { kind: 'dns', time, source_ip: '10.0.0.5', dns_type: 'answer', dns_question_name: 'ads.example' },
      { kind: 'dns', time, source_ip: 'fe80::1', dns_question_name: 'b.example', dns_question_type: 'AAAA' },
      { kind: 'dns', time: (time ?? 0) + 500_000, dns_question_name: 'c.example', dns_response_code: 'NOERROR' },
      { kind: 'dns', source_ip: 'fe80::2', source_port: 4000, dns_question_name: 'd.example' },
    ]);
  });

  it('reads questions of BIND, with and without categories', async () => {
    const { events, problems } = await decodeContent(source, read('named.log'));
    expect(events).toHaveLength(4);
    expect(events[0]).toMatchObject({
      kind: 'dns',
      time: parseIsoMicros('2026-11-26T01:58:02.564Z'),
      event_dataset: 'dns.named',
      source_ip: '127.0.0.1',
      source_port: 56_043,
      destination_ip: '127.0.0.1',
      destination_port: 53,
      network_transport: 'udp',
      dns_question_name: 'a.c2.example',
      dns_question_type: 'A',
      dns_recursion_desired: true,
    });
    expect(events[2]).toMatchObject({ time: events[0]?.time, dns_question_name: 'a.c2.example' });
    expect(placesOf(problems)).toEqual([['bad-record', 5]]);
  });
});
