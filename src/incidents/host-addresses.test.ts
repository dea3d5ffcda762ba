import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { microsPerSecond } from '../base/time.ts';
import { newEvent, type EventOf, type KindId, type VakthundEvent } from '../events/event.ts';
import { openDuckdbStore } from '../store/duckdb/duckdb-store.ts';
import type { Store } from '../store/store.ts';
import { findHostAddresses } from './host-addresses.ts';

let folder: string;
let store: Store;
const noon = 1_772_000_000_000_000;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'vakthund-hosts-'));
  store = await openDuckdbStore({ folder });
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

function event<K extends KindId>(kind: K, seconds: number, fields: Partial<EventOf<K>>): VakthundEvent {
  return Object.assign(newEvent(kind), { time: noon + seconds * microsPerSecond }, fields) as unknown as VakthundEvent;
}
const call = (host_name: string, seconds: number, destination_ip: string): VakthundEvent =>
  event('socket', seconds, { host_name, destination_ip, destination_port: 443, event_action: 'connect' });
const flow = (source_ip: string, seconds: number, destination_ip: string): VakthundEvent =>
  event('flow', seconds, { source_ip, destination_ip, destination_port: 443 });

async function addressesFrom(events: readonly VakthundEvent[]): Promise<string[]> {
  const evidence = { path: 'x', sha256: 'x', content_sha256: 'x', size: 1, head_sha256: 'x', source: 'zeek' };
  const progress = { done_byte: 0, done_line: 0, done_state: null, is_complete: true, added_at: noon };
  const evidenceId = await store.addEvidence({ ...evidence, ...progress });
  await store.commit({
    evidenceId,
    events,
    problems: [],
    progress: { byte: 1, line: 1, state: null, isComplete: true },
  });
  return (await findHostAddresses(store)).map(({ host, ip }) => `${host} ${ip}`);
}

describe('the address of a host', () => {
  it('is told by connections that its log and the network both saw', async () => {
    const events = [
      call('web01', 0, '203.0.113.7'),
      flow('10.0.0.5', 1, '203.0.113.7'),
      call('web01', 60, '198.51.100.9'),
      flow('10.0.0.5', 59, '198.51.100.9'),
    ];
    expect(await addressesFrom([...events, flow('10.0.0.6', 500, '203.0.113.7')])).toEqual(['web01 10.0.0.5']);
  });
  it('is told by the log of the host itself, where it writes addresses', async () => {
    const own = (host_name: string, source_ip: string): VakthundEvent =>
      event('socket', 0, { host_name, source_ip, destination_ip: '203.0.113.7', event_action: 'connect' });
    const events = [
      own('pc7', '10.0.0.7'),
      own('pc8', '10.0.0.8'),
      own('pc7', '127.0.0.1'),
      own('pc7', '172.17.0.1'),
      own('pc8', '172.17.0.1'),
      own('pc8', '203.0.113.8'),
    ];
    expect(await addressesFrom(events)).toEqual(['pc7 10.0.0.7', 'pc8 10.0.0.8']);
  });
  it('is not told by one far end, by connections of several hosts at once, or by other times', async () => {
    const oneFarEnd = [
      call('a', 0, '203.0.113.7'),
      flow('10.0.0.5', 0, '203.0.113.7'),
      call('a', 90, '203.0.113.7'),
      flow('10.0.0.5', 90, '203.0.113.7'),
    ];
    const several = ['203.0.113.8', '203.0.113.9'].flatMap((ip) => [
      call('b', 0, ip),
      flow('10.0.0.6', 0, ip),
      flow('10.0.0.7', 1, ip),
    ]);
    const late = ['203.0.113.10', '203.0.113.11'].flatMap((ip) => [call('c', 0, ip), flow('10.0.0.8', 30, ip)]);
    expect(await addressesFrom([...oneFarEnd, ...several, ...late])).toEqual([]);
  });
  it("is nobody's when several hosts would have it", async () => {
    const behindNat = ['d', 'e'].flatMap((host, at) =>
      ['203.0.113.7', '203.0.113.8'].flatMap((ip) => [call(host, at * 100, ip), flow('10.0.0.1', at * 100, ip)]),
    );
    expect(await addressesFrom(behindNat)).toEqual([]);
  });
  it('is not looked for without logs of both sides', async () => {
    expect(await addressesFrom([call('web01', 0, '203.0.113.7')])).toEqual([]);
  });
});
