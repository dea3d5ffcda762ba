import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLogger } from '../../../base/logger.ts';
import { createLocalNetworks } from '../../../base/networks.ts';
import { newEvent, type EventOf, type KindId, type VakthundEvent } from '../../../events/event.ts';
import { openDuckdbStore } from '../../../store/duckdb/duckdb-store.ts';
import type { Store } from '../../../store/store.ts';
import { enricher } from './index.ts';

let folder: string;
let store: Store;
const noon = 1_772_000_000_000_000;
const second = 1_000_000;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'vakthund-sightings-'));
  store = await openDuckdbStore({ folder });
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

type Fields<K extends KindId> = Partial<EventOf<K>> & { readonly uid: string; readonly event_dataset: string };

/** Of one connection of half a minute, with the client's port 40000. */
function told<K extends KindId>(kind: K, fields: Fields<K>): VakthundEvent {
  const connection = {
    time: noon,
    source_ip: '10.0.0.5',
    source_port: 40_000,
    destination_ip: '203.0.113.9',
    destination_port: 443,
    network_transport: 'tcp',
    ...(kind === 'flow' ? { event_duration: 30 * second } : {}),
  };
  return Object.assign(newEvent(kind), connection, fields) as unknown as VakthundEvent;
}

async function sightings(events: readonly VakthundEvent[]): Promise<string[]> {
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
  const progress = { byte: 1, line: 1, state: null, isComplete: true };
  await store.commit({ evidenceId, events, problems: [], progress });
  await enricher.run({ store, networks: createLocalNetworks(), assets: [], logger: silentLogger });
  const rows = await store.query('SELECT * FROM second_sighting ORDER BY ALL');
  return rows.map((row) =>
    [row['kind'], row['sensor'], row['uid'], row['first_sensor'], row['first_uid']].map(String).join(' '),
  );
}

describe('second sightings', () => {
  it('matches what two sensors told of a connection, with clocks that differ a little and ends turned round', async () => {
    const found = await sightings([
      told('flow', { uid: 'P1', event_dataset: 'pcap.flow' }),
      told('flow', { uid: 'Z1', event_dataset: 'zeek.conn', time: noon - 3000 }),
      told('flow', {
        uid: '77',
        event_dataset: 'suricata.flow',
        source_ip: '203.0.113.9',
        source_port: 443,
        destination_ip: '10.0.0.5',
        destination_port: 40_000,
        time: noon + 2 * second,
      }),
    ]);
    expect(found).toEqual(['flow suricata 77 pcap P1', 'flow zeek Z1 pcap P1']);
  });

  it('keeps apart connections at other times, of other ports or protocols, and those of one sensor', async () => {
    const found = await sightings([
      told('flow', { uid: 'P1', event_dataset: 'pcap.flow' }),
      told('flow', { uid: 'P2', event_dataset: 'pcap.flow', time: noon + second }),
      told('flow', { uid: 'Z1', event_dataset: 'zeek.conn', time: noon + 60 * second }),
      told('flow', { uid: 'Z2', event_dataset: 'zeek.conn', time: noon - 60 * second }),
      told('flow', { uid: 'Z3', event_dataset: 'zeek.conn', source_port: 40_001 }),
      told('flow', { uid: 'Z4', event_dataset: 'zeek.conn', network_transport: 'udp' }),
      told('flow', { uid: 'N1', event_dataset: 'netflow.flow' }),
    ]);
    expect(found).toEqual([]);
  });

  it('takes requests for second sightings only where the first sensor told of requests too, with no flow of the second', async () => {
    const found = await sightings([
      told('flow', { uid: 'Z1', event_dataset: 'zeek.conn' }),
      told('http', { uid: 'Z1', event_dataset: 'zeek.http', time: noon + second }),
      told('http', { uid: '77', event_dataset: 'suricata.http', time: noon + 20 * second }),
      told('tls', { uid: '77', event_dataset: 'suricata.tls', time: noon + second }),
    ]);
    expect(found).toEqual(['http suricata 77 zeek Z1']);
  });

  it('takes logs that were made of a capture and have its ids for second sightings', async () => {
    const found = await sightings([
      told('flow', { uid: 'C1', event_dataset: 'pcap.flow' }),
      told('flow', { uid: 'C1', event_dataset: 'zeek.conn' }),
    ]);
    expect(found).toEqual(['flow zeek C1 pcap C1']);
  });

  it('gets by with two ends that are used again and again', async () => {
    const many = Array.from({ length: 3000 }, (_none, n) => [
      told('flow', { uid: `P${n}`, event_dataset: 'pcap.flow', time: noon + n * 60 * second }),
      told('flow', { uid: `Z${n}`, event_dataset: 'zeek.conn', time: noon + n * 60 * second }),
    ]);
    const found = await sightings(many.flat());
    expect(found).toHaveLength(3000);
    expect(found).toContain('flow zeek Z2999 pcap P2999');
  });
});
