import { describe, expect, it } from 'vitest';
import { dayStart, event, findingsOf } from '../../../../tests/support/event-store.ts';
import type { EventOf, VakthundEvent } from '../../../events/event.ts';
import { analytic } from './index.ts';

/** Each question goes through a real store, and machines that test are busy. */
const patient = { timeout: 30_000 };

const hour = 3_600_000_000;
const minute = hour / 60;

function flow(hours: number, fields: Partial<EventOf<'flow'>> = {}): VakthundEvent {
  return event('flow', {
    source_ip: '10.0.0.5',
    destination_ip: '203.0.113.9',
    destination_port: 443,
    network_transport: 'tcp',
    event_duration: hours * hour,
    source_bytes: 1000,
    destination_bytes: 5000,
    uid: 'C1',
    ...fields,
  });
}

const neighbours = Array.from({ length: 12 }, (_none, index) =>
  flow(0, { source_ip: `10.0.1.${index}`, destination_ip: '198.51.100.1', uid: `N${index}` }),
);

describe('long connections', patient, () => {
  it('follows the steps of one, four, eight and twelve hours', async () => {
    const scores: number[] = [];
    for (const hours of [0.9, 1, 4, 8, 12, 40]) {
      const [finding] = await findingsOf(analytic, [...neighbours, flow(hours)], { min_score: 0 });
      scores.push(finding?.score ?? -1);
    }
    expect(scores).toEqual([-1, 0.2, 0.4, 0.6, 0.8, 0.8]);
  });

  it('is low unless the destination is rare and the connection very long', async () => {
    const [eight] = await findingsOf(analytic, [...neighbours, flow(8)]);
    const [four] = await findingsOf(analytic, [...neighbours, flow(4)]);
    expect([eight?.severity, four?.severity]).toEqual(['medium', 'low']);
    const shared = ['10.0.1.1', '10.0.1.2', '10.0.1.3'].map((source_ip, index) =>
      flow(8, { source_ip, uid: `S${index}` }),
    );
    const [common] = await findingsOf(analytic, [...neighbours, ...shared]);
    expect(common?.severity).toBe('low');
  });

  it('takes a tunnel through a proxy for a connection to the place that it leads to', async () => {
    const throughProxy = (source_ip: string, place: string, hours: number): VakthundEvent[] => {
      const ends = { source_ip, destination_ip: '10.0.9.9', destination_port: 3128, uid: `P${source_ip}${place}` };
      const asked = { http_request_method: 'CONNECT', url_original: `${place}:8443`, url_domain: place };
      return [flow(hours, ends), event('http', { ...ends, ...asked })];
    };
    const busy = Array.from({ length: 12 }, (_none, index) =>
      throughProxy(`10.0.1.${index}`, 'meet.example', 3),
    ).flat();
    const findings = await findingsOf(analytic, [
      ...busy,
      ...throughProxy('10.0.0.5', '203.0.113.9', 9),
      ...throughProxy('10.0.0.6', 'relay.example', 9),
      ...throughProxy('10.0.0.6', 'meet.example', 9),
    ]);
    expect(findings).toMatchObject([
      {
        title: '10.0.0.5 held tcp/8443 to 203.0.113.9 for 9 h',
        severity: 'medium',
        entities: [
          { kind: 'host', value: '10.0.0.5' },
          { kind: 'address', value: '203.0.113.9' },
        ],
      },
      {
        title: '10.0.0.6 held tcp/8443 to relay.example for 9 h',
        entities: [
          { kind: 'host', value: '10.0.0.6' },
          { kind: 'domain', value: 'relay.example' },
        ],
      },
    ]);
    expect(findings[0]?.reasons).toContainEqual({ what: 'through a proxy', value: '10.0.9.9' });
  });

  it('takes the latest word on an open connection, and none once it has ended', async () => {
    const told = [5, 6, 7].map((hours) => flow(hours, { is_open: true, event_dataset: 'zeek.open_conn' }));
    const [open] = await findingsOf(analytic, [...neighbours, ...told]);
    expect(open?.title).toBe('10.0.0.5 held tcp/443 to 203.0.113.9 for 7 h');
    expect(open?.reasons.map((reason) => reason.what)).toContain('still open');
    const [ended] = await findingsOf(analytic, [...neighbours, ...told, flow(8)]);
    expect(ended?.title).toContain('for 8 h');
    expect(ended?.count).toBe(1);
  });

  it('does not add up browsing', async () => {
    const short = Array.from({ length: 200 }, (_none, index) =>
      flow(0.1, { time: dayStart + index * minute, uid: `B${index}` }),
    );
    expect(await findingsOf(analytic, [...neighbours, ...short])).toEqual([]);
  });

  it('adds up what is taken up again within a day', async () => {
    const parts = [0, 5, 10].map((start) => flow(4, { time: dayStart + start * hour, uid: `P${start}` }));
    const [finding] = await findingsOf(analytic, [...neighbours, ...parts]);
    expect(finding?.title).toContain('for 12 h');
    expect(finding?.count).toBe(3);
  });

  it('counts the time once in which several are open, as desks behind one address have them', async () => {
    const desks = Array.from({ length: 6 }, (_none, index) =>
      flow(1, { uid: `D${index}`, time: dayStart + index * 10 * minute }),
    );
    const [finding] = await findingsOf(analytic, [...neighbours, ...desks], { min_score: 0 });
    expect(finding).toMatchObject({ title: '10.0.0.5 held tcp/443 to 203.0.113.9 for 1.8 h', count: 6 });
  });

  it('leaves the inside alone unless asked', async () => {
    const inside = [...neighbours, flow(23, { destination_ip: '10.0.9.9', destination_port: 5432 })];
    expect(await findingsOf(analytic, inside)).toEqual([]);
    const [finding] = await findingsOf(analytic, inside, { include_internal: true });
    expect(finding?.severity).toBe('low');
  });

  it('tells the name that it was used under, and leaves out one that everybody uses', async () => {
    const name = (tls_client_server_name: string, source_ip: string, uid: string): VakthundEvent =>
      event('tls', { tls_client_server_name, source_ip, uid, destination_ip: '203.0.113.9' });
    const [finding] = await findingsOf(analytic, [...neighbours, flow(9), name('chat.rare.example', '10.0.0.5', 'C1')]);
    expect(finding?.entities[2]).toEqual({ kind: 'domain', value: 'chat.rare.example' });
    const everybody = Array.from({ length: 9 }, (_none, index) =>
      name('push.vendor.example', `10.0.1.${index}`, `N${index}`),
    );
    const all = [...neighbours, flow(9), name('push.vendor.example', '10.0.0.5', 'C1'), ...everybody];
    expect(await findingsOf(analytic, all)).toEqual([]);
  });

  it('says nothing about flows without a length or an end', async () => {
    const broken = [flow(9, { event_duration: null }), flow(9, { destination_ip: null }), flow(-5)];
    expect(await findingsOf(analytic, [...neighbours, ...broken])).toEqual([]);
  });
});
