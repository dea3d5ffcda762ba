import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { silentLogger } from '../../../base/logger.ts';
import type { Problem } from '../../../base/problem.ts';
import { parseIsoMicros } from '../../../base/time.ts';
import type { VakthundEvent } from '../../../events/event.ts';
import { source } from './index.ts';

const everyType = readFileSync(new URL('testdata/every-type.eve.json', import.meta.url));
const damaged = readFileSync(new URL('testdata/damaged.eve.json', import.meta.url));

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

async function decode(content: Uint8Array | string) {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  const context = { name: 'eve.json', start: { byte: 0, line: 0 }, growing: false, logger: silentLogger };
  const events: VakthundEvent[] = [];
  const problems: Problem[] = [];
  for await (const batch of source.decode(once(bytes), context)) {
    events.push(...batch.events);
    problems.push(...batch.problems);
  }
  return { events, problems };
}

/** The event of one record, without columns that are null; `fields` as a value. */
async function one(record: object): Promise<Record<string, unknown>> {
  const { events } = await decode(`${JSON.stringify(record)}\n`);
  const known = Object.entries(events[0] ?? {}).filter(([, value]) => value !== null);
  const event = Object.fromEntries(known);
  return { ...event, fields: event['fields'] === undefined ? {} : (JSON.parse(String(event['fields'])) as unknown) };
}

const micros = (text: string): number => parseIsoMicros(text) ?? Number.NaN;
const head = {
  timestamp: '2026-03-01T10:00:01.000001+0100',
  flow_id: 7,
  src_ip: '192.0.2.10',
  src_port: 51698,
  dest_ip: '198.51.100.7',
  dest_port: 443,
  proto: 'TCP',
};

describe('suricata-eve, detect', () => {
  it.each([
    ['a file', everyType],
    ['a file whose first record is damaged', damaged],
    ['a head that is cut in its first line', everyType.subarray(0, 130)],
    ['a list', Buffer.from(`[\n${JSON.stringify({ ...head, event_type: 'tls' })}`)],
    ['records spread over lines', Buffer.from(JSON.stringify({ ...head, event_type: 'tls' }, null, 2))],
  ])('knows %s', (_what, bytes) => {
    expect(source.detect('x', bytes)).toBe('certain');
  });

  it.each([
    ['nothing', ''],
    ['text', 'timestamp event_type {'],
    ['other JSON', '{"timestamp":"2026-03-01T10:00:00","type":"event_type"}\n'],
    ['EVE inside the record of another', '{"timestamp":"2026-03-01T10:00:00","data":{"event_type":"alert"}}\n'],
    ['binary', '\u0000{\u0001"\u0002{{{{'],
  ])('does not know %s', (_what, text) => {
    expect(source.detect('eve.json', Buffer.from(text))).toBeUndefined();
  });
});

describe('suricata-eve, decode', () => {
  it('gives every type its kind, without problems but those that the sensor tells of', async () => {
    const { events, problems } = await decode(everyType);
    const datasets = events.map((event) => `${event.kind} ${event.event_dataset ?? ''}`);
    expect(datasets).toHaveLength(30);
    expect(datasets).toContain('log suricata.some_new_protocol');
    expect(new Set(events.map((event) => event.kind))).toEqual(new Set(source.emits));
    expect(problems).toMatchObject([
      { code: 'events-lost', message: expect.stringContaining('12 packets') as string },
      { code: 'partly-seen', message: expect.stringContaining('decoder.invalid') as string },
    ]);
  });

  it('reads a flow from its beginning to its end', async () => {
    const { events } = await decode(everyType);
    expect(events[0]).toMatchObject({
      kind: 'flow',
      time: micros('2026-03-01T08:59:50.500000Z'),
      event_duration: 9_250_000,
      sensor: 'sensor-1',
      source_ip: '192.0.2.10',
      source_port: 51698,
      network_transport: 'tcp',
      network_protocol: 'tls',
      network_vlan_id: 12,
      source_bytes: 4056,
      destination_packets: 9,
      conn_state: 'closed',
      end_reason: 'timeout',
      tcp_flags: '1b',
      evidence_at: 1,
    });
    expect(JSON.parse(String(events[0]?.fields))).toMatchObject({
      vlan: [12, 7],
      flow: { age: 9 },
      tcp: { syn: true },
    });
  });

  it('keeps all digits of a flow id, and has the type of an ICMP message for a port', async () => {
    const { events } = await decode(everyType);
    expect(events[1]).toMatchObject({
      uid: '9223372036854775807',
      source_ip: '2001:db8::1',
      source_port: 128,
      destination_port: 0,
      network_transport: 'icmp',
    });
  });

  it('reads DNS of all versions to the same columns', async () => {
    const { events } = await decode(everyType);
    const dns = events.filter((event) => event.kind === 'dns');
    expect(dns.map((event) => [event.dns_type, event.dns_question_name, event.dns_response_code])).toEqual([
      ['query', 'www.example.com', null],
      ['answer', 'www.example.com', 'NOERROR'],
      ['answer', 'www.example.org', 'NOERROR'],
      ['answer', 'old.example.com', 'NOERROR'],
      ['query', 'new.example.com', null],
      ['answer', 'new.example.com', 'NXDOMAIN'],
    ]);
    expect(dns[1]).toMatchObject({
      dns_answers: ['edge.example.net', '203.0.113.5'],
      dns_answer_types: ['CNAME', 'A'],
      dns_answer_ttls: ['300', '60'],
      dns_resolved_ip: ['203.0.113.5'],
      dns_recursion_available: true,
    });
    expect(dns[2]).toMatchObject({
      dns_answers: ['203.0.113.6', '203.0.113.7'],
      dns_answer_types: ['A', 'A', 'SOA'],
      dns_resolved_ip: ['203.0.113.6', '203.0.113.7'],
      dns_answer_ttls: null,
    });
    expect(dns[3]).toMatchObject({ dns_answers: ['203.0.113.8'], dns_answer_types: ['A'], dns_answer_ttls: ['8'] });
    expect(dns[4]).toMatchObject({ dns_question_type: 'TXT', dns_id: 5, dns_answers: null });
  });

  it('reads HTTP, also with a status that is text', async () => {
    const { events } = await decode(everyType);
    expect(events.filter((event) => event.kind === 'http')).toMatchObject([
      {
        url_domain: 'www.example.com',
        http_host: 'WWW.Example.com',
        url_original: '/a?b="c"',
        http_version: '1.1',
        http_trans_depth: 1,
        http_response_status_code: 200,
      },
      { http_version: '2', http_response_status_code: 404, http_trans_depth: 4, http_request_method: 'POST' },
    ]);
  });

  it('reads TLS with its fingerprints', async () => {
    const { events } = await decode(everyType);
    const [first, second] = events.filter((event) => event.kind === 'tls');
    expect(first).toMatchObject({
      tls_client_server_name: 'example.com',
      tls_server_hash_sha1: '2dd19f809986fcac5f2a2afda3f37e967cdd2437',
      tls_client_ja3: 'b7202231ff2db28363c109cedc6d1642',
      tls_server_ja3s: 'ad90cab724fafab2660fbf61673c91a9',
      tls_client_ja4: 't13d1516h2_8daaf6152771_02713d6af862',
      tls_next_protocol: 'h2',
      tls_server_not_before: micros('2026-01-19T09:44:08Z'),
      tls_server_certificate_chain: ['MIIB', 'MIIC'],
    });
    expect(second).toMatchObject({ tls_resumed: true, tls_version: 'TLS 1.3' });
  });

  it('reads SSH, files, mail, DHCP and ARP', async () => {
    const { events } = await decode(everyType);
    const by = (kind: string): VakthundEvent | undefined => events.find((event) => event.kind === kind);
    expect(by('ssh')).toMatchObject({
      ssh_version: 2,
      ssh_client: 'OpenSSH_9.6',
      ssh_hassh: 'ec7378c1a92f5a8dde7e8b7a1ddf33d1',
      ssh_hassh_server: 'a65c3b91f743d3f246e72172e77288f1',
    });
    expect(by('file_transfer')).toMatchObject({
      file_uid: '7',
      file_name: '/x.exe',
      file_hash_md5: 'd41d8cd98f00b204e9800998ecf8427e',
      url_domain: 'example.com',
      network_protocol: 'http',
    });
    expect(by('smtp')).toMatchObject({
      email_sender: 'a@example.com',
      email_recipients: ['b@example.org', 'c@example.org'],
      email_from: 'A <a@example.com>',
      email_attachments: ['x.zip'],
    });
    expect(by('dhcp')).toMatchObject({
      client_mac: '00:11:32:17:49:f0',
      dhcp_parameters: ['subnet_mask', 'router'],
      dhcp_message_types: ['request'],
      dhcp_lease_time: 3_600_000_000,
    });
    expect(by('device')).toMatchObject({
      device_mac: 'b8:27:eb:00:00:01',
      arp_operation: 'request',
      arp_target_ip: '10.0.0.1',
    });
  });

  it('reads alerts with what they were about', async () => {
    const { events } = await decode(everyType);
    const alerts = events.filter((event) => event.kind === 'alert');
    expect(alerts[0]).toMatchObject({
      rule_id: '1:2024897',
      rule_name: 'ET MALWARE example',
      rule_severity: 'critical',
      event_severity: '2',
      event_action: 'allowed',
      threat_technique_id: ['T1071', 'T1071.001'],
      tags: ['c2'],
      url_domain: 'bad.example',
      url_original: '/gate.php',
      http_user_agent: 'bot',
      file_path: '/gate.php',
      source_ip: '192.0.2.10',
    });
    expect(JSON.parse(String(alerts[0]?.fields))).toMatchObject({
      alert: { metadata: { signature_severity: ['Critical'] } },
      flow: { bytes_toserver: 400 },
    });
    expect(alerts[2]).toMatchObject({ rule_id: '5', rule_severity: 'high', url_domain: 'q.example' });
  });

  it('has the opener of the connection as the source of an alert about an answer', async () => {
    const { events } = await decode(everyType);
    expect(events.filter((event) => event.kind === 'alert')[1]).toMatchObject({
      source_ip: '192.0.2.10',
      source_port: 51698,
      destination_ip: '198.51.100.7',
      destination_port: 443,
      event_action: 'blocked',
      url_domain: 'srv.example',
    });
  });

  it.each([
    [1, undefined, 'high'],
    [2, undefined, 'medium'],
    [3, undefined, 'low'],
    [4, undefined, 'info'],
    [3, 'Critical', 'critical'],
    [3, 'Major', 'high'],
    [1, 'Informational', 'high'],
    [undefined, 'Major', 'high'],
    [200, undefined, 'low'],
  ])('has priority %s with signature severity %s as %s', async (severity, metadata, wanted) => {
    const alert = { severity, ...(metadata === undefined ? {} : { metadata: { signature_severity: [metadata] } }) };
    expect(await one({ ...head, event_type: 'alert', alert })).toMatchObject({ rule_severity: wanted });
  });

  it('keeps fields that it has no column for under their own names', async () => {
    const event = await one({
      ...head,
      event_type: 'tls',
      tls: { sni: 'a', ja3: { string: '1,2' }, x: [1] },
      y: { z: 1 },
    });
    expect(event['fields']).toEqual({ tls: { ja3: { string: '1,2' }, x: [1] }, y: { z: 1 } });
  });

  it('says so when a value does not fit, and keeps it', async () => {
    const { events, problems } = await decode(`${JSON.stringify({ ...head, src_port: 'http', event_type: 'tls' })}\n`);
    expect(events[0]).toMatchObject({ source_port: null, fields: '{"src_port":"http"}' });
    expect(problems).toMatchObject([{ code: 'bad-value', at: { line: 1 } }]);
  });

  it('counts only what a sensor lost since its record before, and after a new start', async () => {
    const stats = (drops: number): string =>
      JSON.stringify({ timestamp: head.timestamp, event_type: 'stats', stats: { capture: { kernel_drops: drops } } });
    const { problems } = await decode([5, 5, 9, 2].map((drops) => `${stats(drops)}\n`).join(''));
    expect(problems.map((problem) => problem.message.split(' ')[0])).toEqual(['5', '4', '2']);
  });

  it('reads what is whole in a damaged file, with a problem for everything else', async () => {
    const { events, problems } = await decode(damaged);
    expect(events.map((event) => event.kind)).toEqual(['flow', 'dns', 'http', 'tls', 'flow', 'tls', 'dns', 'flow']);
    const codes = new Set(problems.map((problem) => problem.code));
    expect(codes).toEqual(new Set(['bad-record', 'bad-value', 'duplicate-key']));
    expect(events[4]).toMatchObject({ source_ip: null, source_port: null, source_bytes: -1 });
    expect(events[6]).toMatchObject({ dns_answers: [], dns_question_name: null });
  });
});

describe('suricata-eve, link layer', () => {
  it('reads the addresses of a flow, which are lists there, and of a packet', async () => {
    const ether = { src_macs: ['F8:59:71:00:00:01'], dest_macs: ['0c:c4:7a:00:00:02', '0c:c4:7a:00:00:03'] };
    const flow = await one({ ...head, event_type: 'flow', ether });
    expect(flow).toMatchObject({ source_mac: 'f8:59:71:00:00:01', destination_mac: '0c:c4:7a:00:00:02' });
    const packet = { ...head, event_type: 'netflow', ether: { src_mac: 'f8:59:71:00:00:01' } };
    expect(await one(packet)).toMatchObject({ source_mac: 'f8:59:71:00:00:01' });
  });
});
