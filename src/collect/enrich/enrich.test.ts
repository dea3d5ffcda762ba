import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLogger } from '../../base/logger.ts';
import { createLocalNetworks } from '../../base/networks.ts';
import { newEvent, type EventOf, type KindId, type VakthundEvent } from '../../events/event.ts';
import { openDuckdbStore } from '../../store/duckdb/duckdb-store.ts';
import type { Store } from '../../store/store.ts';
import { enrichers } from './registry.generated.ts';

let folder: string;
let store: Store;
const noon = 1_772_000_000_000_000;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'vakthund-enrich-'));
  store = await openDuckdbStore({ folder });
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

function event<K extends KindId>(kind: K, fields: Partial<EventOf<K>>): VakthundEvent {
  return Object.assign(newEvent(kind), { time: noon }, fields) as unknown as VakthundEvent;
}

async function fill(events: readonly VakthundEvent[]): Promise<void> {
  const evidenceId = await store.addEvidence({
    path: 'x',
    sha256: 'x',
    content_sha256: 'x',
    size: 1,
    head_sha256: 'x',
    source: 'zeek',
    done_byte: 0,
    done_line: 0,
    done_state: null,
    is_complete: true,
    added_at: noon,
  });
  await store.commit({
    evidenceId,
    events,
    problems: [],
    progress: { byte: 1, line: 1, state: null, isComplete: true },
  });
  const context = { store, networks: createLocalNetworks(), assets: [], logger: silentLogger };
  for (const id of ['addresses', 'domains', 'prevalence'] as const) await enrichers[id].run(context);
}

describe('addresses', () => {
  it('gathers numbers, names, hardware addresses and peers of each address, also of those without flows', async () => {
    await fill([
      event('flow', { source_ip: '10.0.0.5', destination_ip: '203.0.113.9' }),
      event('flow', { source_ip: '10.0.0.6', destination_ip: '203.0.113.9', time: noon + 5 }),
      event('flow', { source_ip: '10.0.0.5', destination_ip: '2001:db8::1' }),
      event('dhcp', { dhcp_assigned_ip: '10.0.0.5', dhcp_host_name: 'PC-5', client_mac: 'aa:bb:cc:00:00:05' }),
      event('dns', {
        source_ip: '10.0.0.5',
        dns_question_name: 'c2.example',
        dns_resolved_ip: ['203.0.113.9', '224.0.0.1'],
      }),
    ]);
    const rows = await store.query('SELECT * FROM address ORDER BY ip');
    const byIp = new Map(rows.map((row) => [row['ip'], row]));
    expect([...byIp.keys()]).toEqual(['10.0.0.5', '10.0.0.6', '2001:db8::1', '203.0.113.9', '224.0.0.1']);
    expect(byIp.get('203.0.113.9')).toMatchObject({
      is_local: false,
      is_group: false,
      names: ['c2.example'],
      peers: 2,
      local_peers: 2,
      flows: 2,
      first_seen: noon,
      last_seen: noon + 5,
    });
    expect(byIp.get('10.0.0.5')).toMatchObject({
      is_local: true,
      names: ['pc-5'],
      mac: 'aa:bb:cc:00:00:05',
      peers: 2,
      local_peers: 0,
    });
    expect(byIp.get('224.0.0.1')).toMatchObject({ is_group: true, flows: 0 });
  });

  it('gives the same when run twice', async () => {
    await fill([event('flow', { source_ip: '10.0.0.5', destination_ip: '203.0.113.9' })]);
    const before = await store.query('SELECT * FROM address ORDER BY ip');
    await enrichers.addresses.run({ store, networks: createLocalNetworks(), assets: [], logger: silentLogger });
    expect(await store.query('SELECT * FROM address ORDER BY ip')).toEqual(before);
  });
});

describe('domains and prevalence', () => {
  it('folds names to registered domains and counts who asked', async () => {
    await fill([
      event('dns', { source_ip: '10.0.0.5', dns_question_name: 'a.b.example.co.uk' }),
      event('dns', { source_ip: '10.0.0.6', dns_question_name: 'c.example.co.uk' }),
      event('dns', {
        source_ip: '10.0.0.53',
        source_port: 53,
        destination_ip: '10.0.0.6',
        destination_port: 40_000,
        dns_question_name: 'c.example.co.uk',
      }),
      event('tls', { source_ip: '10.0.0.5', tls_client_server_name: 'c.example.co.uk', tls_client_ja3: 'j1' }),
      event('http', { source_ip: '10.0.0.5', url_domain: 'printer', user_agent_original: 'curl' }),
    ]);
    expect(await store.query('SELECT name, registered_domain, clients, sightings FROM domain ORDER BY name')).toEqual([
      { name: 'a.b.example.co.uk', registered_domain: 'example.co.uk', clients: 1, sightings: 1 },
      { name: 'c.example.co.uk', registered_domain: 'example.co.uk', clients: 2, sightings: 3 },
      { name: 'printer', registered_domain: null, clients: 1, sightings: 1 },
    ]);
    const rows = await store.query('SELECT kind, value, hosts, sightings FROM prevalence ORDER BY kind, value');
    expect(rows).toEqual([
      { kind: 'ja3', value: 'j1', hosts: 1, sightings: 1 },
      { kind: 'registered-domain', value: 'example.co.uk', hosts: 2, sightings: 4 },
      { kind: 'user-agent', value: 'curl', hosts: 1, sightings: 1 },
    ]);
  });
});
