import { describe, expect, it } from 'vitest';
import { dayStart, event, withEvents } from '../../tests/support/event-store.ts';
import { silentLogger } from '../base/logger.ts';
import { createLocalNetworks } from '../base/networks.ts';
import { readAssets } from '../collect/assets/read-assets.ts';
import { enrichers } from '../collect/enrich/registry.generated.ts';
import { makeFinding } from '../detect/make-finding.ts';
import type { Entity } from '../events/entity.ts';
import type { Finding } from '../events/finding.ts';
import type { Incident } from '../events/incident.ts';
import { correlateFindings, surroundingsOf } from './correlate.ts';

const list = `hosts:
  - {name: shop, also: [web01], mac: 'b8:27:eb:01:02:03', owner: Anna, role: web shop, criticality: critical, zone: dmz}
users:
  - {name: anna, also: ['corp\\anna'], role: administrator}
networks:
  - {name: guests, address: 10.99.0.0/16}
`;
const events = [
  event('flow', { source_ip: '10.0.0.5', destination_ip: '8.8.8.8' }),
  event('flow', { source_ip: '10.99.0.7', destination_ip: '8.8.8.8' }),
  event('dhcp', { dhcp_assigned_ip: '10.0.0.5', client_mac: 'B8:27:EB:01:02:03' }),
  event('dns', { source_ip: '10.0.0.5', dns_question_name: 'resolver.example', dns_resolved_ip: ['8.8.8.8'] }),
];

function finding(detector: string, entities: readonly Entity[], attack = 'T1071'): Finding {
  return makeFinding({
    about: entities.map(({ value }) => value),
    detector,
    title: detector,
    severity: 'high',
    score: 0.8,
    first_seen: dayStart,
    last_seen: dayStart,
    entities,
    attack: [attack],
    reasons: [],
    evidence: [],
    count: 1,
    vanishes: '',
    next: '',
  });
}

async function incidentsOf(findings: readonly Finding[], assets: string): Promise<Incident[]> {
  return withEvents(events, async (store) => {
    const context = {
      store,
      networks: createLocalNetworks(),
      assets: readAssets('assets.yaml', assets).assets,
      logger: silentLogger,
    };
    for (const id of ['assets', 'networks', 'hardware'] as const) await enrichers[id].run(context);
    return correlateFindings(store, findings, { ...(await surroundingsOf(store)), first: undefined, last: dayStart });
  });
}

describe('what is known of the entities of an incident', () => {
  it('stands beside them: asset, network, maker', async () => {
    const [incident] = await incidentsOf(
      [
        finding('analytics/beacon', [
          { kind: 'host', value: '10.0.0.5' },
          { kind: 'address', value: '8.8.8.8' },
          { kind: 'domain', value: 'resolver.example' },
          { kind: 'device', value: 'b8:27:eb:01:02:03' },
          { kind: 'user', value: 'CORP\\anna' },
        ]),
      ],
      list,
    );
    expect(incident?.entities).toEqual([
      { kind: 'host', value: '10.0.0.5', about: 'shop: web shop, owner Anna, criticality 1, zone dmz' },
      { kind: 'address', value: '8.8.8.8', about: 'AS15169 Google LLC, US' },
      { kind: 'domain', value: 'resolver.example', about: 'AS15169 Google LLC, US' },
      { kind: 'user', value: 'CORP\\anna', about: 'anna: administrator' },
      { kind: 'device', value: 'b8:27:eb:01:02:03', about: 'Raspberry Pi Foundation' },
    ]);
  });

  it('raises the risk by the worth of the machine, and says whose it is', async () => {
    const one = [finding('analytics/beacon', [{ kind: 'host', value: '10.0.0.5' }])];
    const [valued] = await incidentsOf(one, list);
    const [plain] = await incidentsOf(one, 'hosts: []');
    expect(valued?.risk_parts).toContainEqual({
      what: 'asset value',
      value: 'shop has 1 (web shop, owner Anna)',
      points: expect.any(Number) as number,
    });
    expect(valued?.risk).toBeGreaterThan(plain?.risk ?? 100);
    expect(plain?.entities).toEqual([{ kind: 'host', value: '10.0.0.5' }]);
  });

  it('makes one machine of its names and addresses', async () => {
    const named = finding('analytics/exploit-string', [{ kind: 'host', value: 'web01' }], 'T1190');
    const addressed = finding('analytics/beacon', [{ kind: 'host', value: '10.0.0.5' }]);
    expect(await incidentsOf([named, addressed], 'hosts: []')).toHaveLength(2);
    expect(await incidentsOf([named, addressed], list)).toHaveLength(1);
  });

  it('is that of the network where the machine is not listed', async () => {
    const [incident] = await incidentsOf([finding('analytics/beacon', [{ kind: 'host', value: '10.99.0.7' }])], list);
    expect(incident?.entities).toEqual([{ kind: 'host', value: '10.99.0.7', about: 'zone guests' }]);
  });
});
