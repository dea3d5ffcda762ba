import { describe, expect, it } from 'vitest';
import { createLocalNetworks } from '../../../base/networks.ts';
import type { EventOf, KindId } from '../../../events/event.ts';
import { observablesOf } from '../../../match/indicators/observables.ts';
import { courseOf } from './direction.ts';
import { sightingOf } from './sighting.ts';
import { event } from './test-case.ts';

const networks = createLocalNetworks();
const [inside, other, outside, far] = ['10.0.0.5', '10.0.0.6', '45.1.1.1', '45.2.2.2'];

function told<K extends KindId>(kind: K, column: string, fields: Partial<EventOf<K>>): string {
  const observable = observablesOf(kind).find((each) => each.column === column);
  if (observable === undefined) throw new RangeError(`${kind} has no ${column}`);
  const { direction, host } = courseOf(sightingOf(event(kind, fields), observable, 'x'), networks);
  return `${direction} ${host ?? 'nobody'}`;
}

describe('courseOf', () => {
  const out = { source_ip: inside, destination_ip: outside };
  const back = { source_ip: outside, destination_ip: inside };
  const past = { source_ip: outside, destination_ip: far };

  it('tells going out, coming in and passing by apart', () => {
    expect(told('flow', 'destination_ip', out)).toBe(`outward ${inside}`);
    expect(told('flow', 'source_ip', { ...back, conn_state: 'SF' })).toBe(`answered ${inside}`);
    expect(told('flow', 'source_ip', { ...back, conn_state: 'REJ' })).toBe(`refused ${inside}`);
    expect(told('flow', 'source_ip', { ...back, conn_state: null })).toBe(`answered ${inside}`);
    expect(told('flow', 'source_ip', past)).toBe('passing nobody');
    expect(told('flow', 'destination_ip', past)).toBe('passing nobody');
    expect(told('alert', 'source_ip', { ...back, event_action: 'blocked' })).toBe(`refused ${inside}`);
  });

  it('takes a listed machine of ours for one that acts', () => {
    expect(told('flow', 'source_ip', { source_ip: inside, destination_ip: other })).toBe(`outward ${inside}`);
    expect(told('flow', 'destination_ip', { source_ip: inside, destination_ip: other })).toBe(`outward ${inside}`);
  });

  it('names the machine that a record was written on, where the kind is of machines', () => {
    expect(told('socket', 'destination_ip', { ...out, host_name: 'web1' })).toBe('outward web1');
    expect(told('socket', 'source_ip', { source_ip: outside, host_name: 'web1', event_outcome: 'failure' })).toBe(
      'refused web1',
    );
    expect(told('process', 'process_hash_sha256', { host_name: 'web1' })).toBe('file web1');
    expect(told('flow', 'destination_ip', { ...out, host_name: 'sensor' })).toBe(`outward ${inside}`);
  });

  it('weighs log-ins by how they ended', () => {
    expect(told('user_session', 'source_ip', { source_ip: outside, host_name: 'web1', event_outcome: 'success' })).toBe(
      'login web1',
    );
    expect(told('user_session', 'source_ip', { source_ip: outside, host_name: 'web1' })).toBe('login web1');
    expect(told('user_session', 'source_ip', { source_ip: outside, host_name: 'web1', event_outcome: 'failure' })).toBe(
      'refused web1',
    );
    expect(told('ssh', 'source_ip', { ...back, ssh_auth_success: true })).toBe(`login ${inside}`);
    expect(told('ssh', 'source_ip', { ...back, ssh_auth_success: null })).toBe(`refused ${inside}`);
    expect(told('ssh', 'destination_ip', { ...out, ssh_auth_success: false })).toBe(`outward ${inside}`);
  });

  it('lays questions on who asked, and requests to us on who was asked', () => {
    expect(told('dns', 'dns_question_name', { source_ip: outside, destination_ip: inside })).toBe(`outward ${outside}`);
    expect(told('dns', 'dns_resolved_ip', out)).toBe(`resolved ${inside}`);
    expect(told('dns', 'dns_answers', out)).toBe(`outward ${inside}`);
    expect(told('http', 'user_agent_original', back)).toBe(`answered ${inside}`);
    expect(told('http', 'url_domain', out)).toBe(`outward ${inside}`);
    expect(told('certificate', 'file_hash_sha256', {})).toBe('outward nobody');
    expect(told('smtp', 'email_from', back)).toBe(`mail ${inside}`);
    expect(told('dhcp', 'client_ip', {})).toBe('passing x');
  });
});
