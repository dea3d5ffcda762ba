import { describe, expect, it } from 'vitest';
import { event, findingsOf } from '../../../../tests/support/event-store.ts';
import { analytic } from './index.ts';

const ends = {
  uid: 'C1',
  source_ip: '10.0.0.5',
  destination_ip: '203.0.113.9',
  destination_port: 3333,
  network_transport: 'tcp',
};
const flow = (fields: object = {}) =>
  event('flow', { ...ends, event_duration: 3_600_000_000, source_bytes: 90_000, destination_bytes: 40_000, ...fields });

describe('mining', () => {
  it('is told by its protocol, with the wallet', async () => {
    const wallet = event('log', { ...ends, event_dataset: 'pcap.stratum', user_name: '0x9c99.worker1' });
    const [finding, ...more] = await findingsOf(analytic, [flow({ network_protocol: 'stratum' }), wallet]);
    expect(more).toEqual([]);
    expect(finding).toMatchObject({ title: '10.0.0.5 mines for 203.0.113.9', severity: 'high', attack: ['T1496.001'] });
    expect(finding?.reasons).toContainEqual({ what: 'for the wallet', value: '0x9c99.worker1' });
  });

  it('is told by the name of a pool, and as one with its connections', async () => {
    const tls = event('tls', { ...ends, tls_client_server_name: 'xmr-eu1.nanopool.org' });
    const dns = event('dns', { source_ip: '10.0.0.5', dns_question_name: 'xmr-eu1.nanopool.org' });
    expect(await findingsOf(analytic, [flow(), tls, dns])).toMatchObject([
      { title: '10.0.0.5 mines for the pool nanopool.org', severity: 'medium', count: 3 },
    ]);
    expect(await findingsOf(analytic, [dns])).toMatchObject([
      { title: '10.0.0.5 asked for the pool nanopool.org', severity: 'low' },
    ]);
  });

  it('is told by a connection to the address that the DNS gave for a pool, where nothing else says its name', async () => {
    const asked = { dns_question_name: 'xmr-eu1.nanopool.org', dns_resolved_ip: ['203.0.113.9'] };
    const ask = event('dns', { source_ip: '10.0.0.2', ...asked });
    const findings = await findingsOf(analytic, [flow(), ask]);
    expect(findings).toMatchObject([
      { title: '10.0.0.5 mines for the pool nanopool.org', severity: 'medium', count: 1 },
      { title: '10.0.0.2 asked for the pool nanopool.org', severity: 'low' },
    ]);
    const web = await findingsOf(analytic, [flow({ destination_port: 443 }), ask]);
    const later = (ask.time ?? 0) + 2 * 86_400_000_000;
    const other = await findingsOf(analytic, [flow({ time: later }), ask]);
    for (const list of [web, other]) expect(list.map(({ severity }) => severity)).toEqual(['low']);
  });

  it('knows pools of the settings, and no names that only end alike', async () => {
    const ask = (dns_question_name: string) => event('dns', { source_ip: '10.0.0.5', dns_question_name });
    expect(await findingsOf(analytic, [ask('a.my-pool.example')], { pools: ['My-Pool.example'] })).toHaveLength(1);
    expect(await findingsOf(analytic, [ask('notnanopool.org'), ask('nanopool.org.example'), flow()])).toEqual([]);
  });
});
