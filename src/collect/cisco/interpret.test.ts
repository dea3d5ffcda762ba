import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { contentOf, decodeContent } from '../../../tests/support/decode-content.ts';
import { parseIsoMicros } from '../../base/time.ts';
import { source } from '../sources/syslog/index.ts';

const log = readFileSync(new URL('../sources/syslog/testdata/cisco.log', import.meta.url), 'utf8');
const { events, problems } = await decodeContent(source, log, 'firewall-20260301.log');
const at = (line: number): Record<string, unknown> => contentOf(events[line - 1]);

describe('firewalls of Cisco', () => {
  it('are known, with and without a host or a time of a relay', () => {
    expect(problems).toEqual([]);
    for (const [index, line] of log.trimEnd().split('\n').entries()) {
      expect(source.detect('x', Buffer.from(`${line}\n`)), `line ${index + 1}`).toBe('certain');
    }
  });

  it('tell connections that begin as open, and those that are over with who began', () => {
    expect(at(1)).toMatchObject({
      kind: 'flow',
      is_open: true,
      uid: 'fw1:917',
      sensor: 'fw1',
      source_ip: '10.20.14.37',
      source_port: 53_466,
      destination_ip: '198.51.100.20',
      destination_port: 443,
      fields: { source_interface: 'inside', source_mapped: '203.0.113.10/18233', source_user: 'anna' },
    });
    expect(at(2)).toMatchObject({
      time: parseIsoMicros('2026-03-01T10:00:00Z'),
      uid: 'fw1:917',
      event_duration: 2_712_000_000,
      source_ip: '10.20.14.37',
      destination_port: 443,
      conn_state: 'SF',
      end_reason: 'TCP FINs from inside',
      fields: { bytes: 4_882_591_338, user: 'anna', destination_mapped: 'any.example' },
    });
    expect(at(2)).not.toHaveProperty('is_open');
    expect(at(3)).toMatchObject({ network_transport: 'udp', source_ip: '10.20.14.37', destination_port: 50_050 });
    const ping = { network_transport: 'icmp', source_ip: '198.51.100.9', destination_ip: '10.20.14.37' };
    expect(at(4)).toMatchObject({ ...ping, source_port: 8, destination_port: 0, is_open: true });
    expect(at(5)).toMatchObject(ping);
  });

  it('tell what they refused', () => {
    const denied = { kind: 'flow', conn_state: 'S0', end_reason: 'denied' };
    expect(at(6)).toMatchObject({
      ...denied,
      source_ip: '198.51.100.23',
      destination_ip: '10.0.1.50',
      destination_port: 22,
      fields: { access_list: 'outside_in', source_interface: 'outside' },
    });
    expect(at(7)).toMatchObject({ ...denied, network_transport: 'icmp', source_ip: '2001:db8::23', source_port: 128 });
    expect(at(8)).toMatchObject({ ...denied, network_transport: 'udp', destination_port: 53, fields: { hits: 3 } });
    expect(at(9)).toMatchObject({ is_open: true, destination_port: 443, fields: { action: 'permitted' } });
    expect(at(10)).toMatchObject({
      ...denied,
      source_ip: '2001:db8::7',
      destination_ip: '2001:db8:1::5',
      destination_port: 111,
    });
    expect(at(11)).toMatchObject({
      conn_state: 'OTH',
      source_ip: '10.0.0.5',
      destination_port: 443,
      fields: { flags: 'RST' },
    });
    expect(at(12)).toMatchObject({ ...denied, destination_ip: '203.0.113.10', destination_port: 443 });
    expect(at(13)).toMatchObject({ ...denied, source_ip: '10.0.0.9', destination_ip: '203.0.113.10' });
  });

  it('tell who logged in to them and through them', () => {
    const failed = { kind: 'user_session', event_outcome: 'failure', source_ip: '203.0.113.9' };
    expect(at(14)).toMatchObject({
      event_action: 'authentication',
      event_outcome: 'success',
      target_user_name: 'anna',
    });
    expect(at(15)).toMatchObject({ ...failed, target_user_name: 'van der Berg', fields: { reason: 'AAA failure' } });
    expect(at(16)).toMatchObject({ ...failed, fields: { reason: 'Invalid password' } });
    expect(at(16)).not.toHaveProperty('target_user_name');
    expect(at(17)).toMatchObject({ event_action: 'logout', source_ip: '198.51.100.7', target_group_name: 'staff' });
    expect(at(18)).toMatchObject({ event_action: 'login', event_outcome: 'success', target_user_name: 'anna' });
    expect(at(19)).toMatchObject({ ...failed, event_action: 'login', target_user_name: 'root' });
    expect(at(20)).toMatchObject({ event_outcome: 'success', target_user_name: 'nora', source_ip: '10.0.0.4' });
    expect(at(21)).toMatchObject({ event_action: 'command', fields: { command: 'no access-list outside_in' } });
  });

  it('tell alerts, pages, and keep the rest as log records', () => {
    expect(at(22)).toMatchObject({
      kind: 'alert',
      rule_severity: 'high',
      source_ip: '10.0.0.5',
      destination_ip: '203.0.113.66',
      url_domain: 'c2.example',
      rule_category: 'Malware',
    });
    expect(at(23)).toMatchObject({ kind: 'alert', source_ip: '198.51.100.23' });
    expect(at(24)).toMatchObject({ kind: 'alert', rule_name: 'ICMP echo request', destination_ip: '203.0.113.10' });
    expect(at(25)).toMatchObject({ kind: 'http', url_domain: 'c2.example', source_ip: '10.0.0.5' });
    expect(at(26)).toMatchObject({ kind: 'log' });
  });

  it('tell connections and intrusions of Firepower', () => {
    expect(at(27)).toMatchObject({
      time: parseIsoMicros('2026-03-01T10:48:45Z'),
      source_ip: '10.0.0.5',
      destination_port: 8443,
      source_bytes: 5400,
      destination_bytes: 1200,
      event_duration: 15_000_000,
      network_protocol: 'https',
      fields: { URL: 'https://c2.example/a, b' },
    });
    expect(at(28)).toMatchObject({ conn_state: 'S0', destination_port: 3389 });
    expect(at(29)).toMatchObject({
      rule_id: '1:58724',
      rule_name: 'SERVER-OTHER Log4j',
      rule_severity: 'high',
      event_action: 'blocked',
    });
  });
});
