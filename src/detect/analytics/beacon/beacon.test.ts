import { describe, expect, it } from 'vitest';
import { dayStart, event, findingsOf, withEvents } from '../../../../tests/support/event-store.ts';
import { silentLogger } from '../../../base/logger.ts';
import { createLocalNetworks } from '../../../base/networks.ts';
import type { EventOf, VakthundEvent } from '../../../events/event.ts';
import { analytic } from './index.ts';

/** Each question goes through a real store, and machines that test are busy. */
const patient = { timeout: 30_000 };

const second = 1_000_000;
const implantHost = '10.0.0.66';
const farAddress = '203.0.113.7';

/** Flows at a pace, `shake` seconds to and fro in a fixed pattern. */
function calls(count: number, period: number, fields: Partial<EventOf<'flow'>> = {}, shake = 3): VakthundEvent[] {
  return Array.from({ length: count }, (_none, index) =>
    event('flow', {
      time: dayStart + Math.round((index * period + shake * Math.sin(index * 12.9898)) * second),
      source_ip: implantHost,
      destination_ip: farAddress,
      destination_port: 443,
      network_transport: 'tcp',
      conn_state: 'SF',
      source_bytes: 400,
      destination_bytes: 900,
      uid: `C${fields.source_ip ?? ''}${fields.destination_ip ?? ''}${fields.destination_port ?? ''}${index}`,
      evidence_at: index + 1,
      ...fields,
    }),
  );
}

/** Other hosts of the network, so that something can be rare in it. */
function neighbours(count = 12): VakthundEvent[] {
  return Array.from({ length: count }, (_none, index) =>
    event('flow', {
      source_ip: `10.0.1.${index + 1}`,
      destination_ip: '198.51.100.1',
      destination_port: 443,
      network_transport: 'tcp',
    }),
  );
}

const tls = (flows: readonly VakthundEvent[], name: string): VakthundEvent[] =>
  flows.map((flow) => {
    const { time, source_ip, destination_ip, uid, evidence_at } = flow as unknown as EventOf<'flow'>;
    return event('tls', {
      time,
      source_ip,
      destination_ip,
      destination_port: 443,
      uid,
      evidence_at,
      tls_client_server_name: name,
    });
  });

describe('beacons', patient, () => {
  it('takes what machines report through MQTT for less than the same on another port', async () => {
    const [web] = await findingsOf(analytic, [...neighbours(), ...calls(288, 300)]);
    const [report] = await findingsOf(analytic, [...neighbours(), ...calls(288, 300, { destination_port: 8883 })]);
    expect(report?.score).toBeCloseTo((web?.score ?? 0) - 0.1);
    const always = calls(1200, 300, { destination_port: 8883 });
    const later = always.map((call) => ({ ...call, time: (call.time ?? 0) + 40_000 * second }));
    const [settled] = await findingsOf(analytic, [...neighbours(), ...always]);
    const [begun] = await findingsOf(analytic, [...neighbours(), ...later]);
    expect((begun?.score ?? 0) - (settled?.score ?? 0)).toBeCloseTo(0.25, 1);
  });

  it('tells a channel that fills a capture of a minute, and not one that is so short beside a day', async () => {
    const minute = calls(22, 3.05, {}, 0.5);
    expect(await findingsOf(analytic, minute)).toMatchObject([{ severity: 'low', count: 22 }]);
    const later = event('flow', {
      source_ip: '10.0.1.1',
      destination_ip: '198.51.100.1',
      time: dayStart + 86_400 * second,
    });
    expect(await findingsOf(analytic, [...minute, later])).toEqual([]);
  });

  it('tells a rare regular channel with its numbers, proof and ends', async () => {
    const [finding, ...others] = await findingsOf(analytic, [...neighbours(), ...calls(288, 300)]);
    expect(others).toEqual([]);
    expect(finding).toMatchObject({
      detector: 'analytics/beacon',
      title: `${implantHost} calls ${farAddress} (tcp/443) every 5 min`,
      severity: 'high',
      count: 288,
      entities: [
        { kind: 'host', value: implantHost },
        { kind: 'address', value: farAddress },
      ],
      attack: ['T1071.001', 'T1573'],
    });
    expect(finding?.evidence).toHaveLength(20);
    expect(finding?.evidence[0]?.at).toBe(1);
    expect(finding?.evidence.at(-1)?.at).toBe(288);
    const sum = finding?.reasons.reduce((total, reason) => total + (reason.weight ?? 0), 0) ?? 0;
    expect(sum).toBeCloseTo(finding?.score ?? 0, 2);
  });

  it('ranks an implant with jitter above a heartbeat that every host has', async () => {
    const heartbeats = [implantHost, '10.0.1.1', '10.0.1.2', '10.0.1.3'].flatMap((host) =>
      calls(96, 900, { source_ip: host, destination_ip: '198.51.100.20' }, 1),
    );
    const findings = await findingsOf(analytic, [...heartbeats, ...calls(288, 300, {}, 80)]);
    expect(findings.map((finding) => finding.entities[1]?.value)).toEqual([farAddress]);
  });

  it('tells the name instead of the address, with the addresses behind it', async () => {
    const one = calls(150, 600, { destination_ip: '203.0.113.8' });
    const other = calls(150, 600, { destination_ip: '203.0.113.9' }).map((flow) =>
      Object.assign(flow, { time: flow.time + 300 * second }),
    );
    const flows = [...one, ...other];
    const findings = await findingsOf(analytic, [...neighbours(), ...flows, ...tls(flows, 'cdn.implant.example')]);
    expect(findings).toHaveLength(1);
    expect(findings[0]?.entities).toEqual([
      { kind: 'host', value: implantHost },
      { kind: 'domain', value: 'cdn.implant.example' },
      { kind: 'address', value: '203.0.113.8' },
      { kind: 'address', value: '203.0.113.9' },
    ]);
    expect(findings[0]?.reasons.find((reason) => reason.what === 'same size of requests')?.value).toContain('400 B');
  });

  it('leaves out a rare address behind a name that everybody uses', async () => {
    const flows = calls(288, 300);
    const everybody = neighbours().map((_flow, index) =>
      event('tls', {
        source_ip: `10.0.1.${index + 1}`,
        destination_ip: '198.51.100.1',
        uid: `N${index}`,
        tls_client_server_name: 'push.vendor.example',
      }),
    );
    expect(
      await findingsOf(analytic, [...neighbours(), ...flows, ...tls(flows, 'push.vendor.example'), ...everybody]),
    ).toEqual([]);
  });

  it('sees through a proxy by what it was asked to connect to', async () => {
    const flows = calls(288, 300, { destination_ip: '10.0.0.3', destination_port: 3128 });
    const connects = flows.map((flow) => {
      const { time, uid } = flow as unknown as EventOf<'flow'>;
      const name = 'www.implant.example';
      const request = { http_request_method: 'CONNECT', url_domain: name, http_host: `${name}:443` };
      return event('http', {
        time,
        uid,
        source_ip: implantHost,
        destination_ip: '10.0.0.3',
        destination_port: 3128,
        ...request,
      });
    });
    const findings = await findingsOf(analytic, [...neighbours(), ...flows, ...connects]);
    expect(findings.map((finding) => finding.entities)).toEqual([
      [
        { kind: 'host', value: implantHost },
        { kind: 'domain', value: 'www.implant.example' },
      ],
    ]);
    expect(findings[0]?.attack).toContain('T1090');
  });

  it('counts calls on changing ports as one channel', async () => {
    const flows = calls(288, 300).map((flow, index) =>
      Object.assign(flow, { destination_port: 2000 + ((index * 37) % 90) }),
    );
    const [finding] = await findingsOf(analytic, [...neighbours(), ...flows]);
    expect(finding?.title).toContain('(tcp) every 5 min');
  });

  it('finds less than four calls a day over weeks', async () => {
    const [finding] = await findingsOf(analytic, [...neighbours(), ...calls(30, 40_000, {}, 900)]);
    expect(finding?.title).toContain('every 11 h');
    expect(finding?.score).toBeGreaterThan(0.6);
  });

  it('leaves time servers, multicast and monitors alone', async () => {
    const time = calls(300, 256, { destination_port: 123, network_transport: 'udp', source_payload_bytes: 48 });
    expect(await findingsOf(analytic, [...neighbours(), ...time])).toEqual([]);
    const multicast = calls(300, 120, {
      destination_ip: '239.255.255.250',
      destination_port: 1900,
      network_transport: 'udp',
    });
    expect(await findingsOf(analytic, [...neighbours(), ...multicast])).toEqual([]);
    const monitored = Array.from({ length: 8 }, (_none, index) =>
      calls(200, 300, { destination_ip: `10.0.2.${index}` }),
    ).flat();
    expect(await findingsOf(analytic, [...neighbours(), ...monitored])).toEqual([]);
  });

  it('tells the one timer that never pauses among those of many machines behind one address', async () => {
    const hours = 60;
    const isWorking = (index: number, period: number): boolean => ((index * period) / 3600) % 24 < 9;
    const crowd = Array.from({ length: 12 }, (_none, number) => {
      const period = 400 + number * 70;
      const all = calls((hours * 3600) / period, period, { destination_ip: `198.51.100.${number + 10}` });
      return all.filter((_call, index) => isWorking(index, period));
    }).flat();
    const implant = calls(hours * 5, 720, {}, 170);
    const findings = await findingsOf(analytic, [...neighbours(), ...crowd, ...implant]);
    expect(findings.filter(({ severity }) => severity !== 'low').map(({ entities }) => entities[1]?.value)).toEqual([
      farAddress,
    ]);
    const company = findings[0]?.reasons.find(({ what }) => what === 'unbroken among many');
    expect(company?.value).toBe('of the 13 regular channels of the host 1 never pause');
    const monitor = Array.from({ length: 12 }, (_none, number) =>
      calls(hours * 5, 720, { destination_ip: `198.51.100.${number + 10}` }),
    ).flat();
    const polled = await findingsOf(analytic, [...neighbours(), ...monitor, ...implant]);
    expect(polled.filter(({ severity }) => severity !== 'low')).toEqual([]);
  });

  it('tells an internal destination more quietly', async () => {
    const [outside] = await findingsOf(analytic, [...neighbours(), ...calls(288, 300)]);
    const [inside] = await findingsOf(analytic, [...neighbours(), ...calls(288, 300, { destination_ip: '10.9.9.9' })]);
    expect(inside?.score).toBeLessThan(outside?.score ?? 0);
    expect(inside?.severity).toBe('low');
  });

  it('says so when nobody can tell whether the destination is rare', async () => {
    const [finding] = await findingsOf(analytic, calls(288, 300));
    expect(finding?.severity).toBe('medium');
    expect(finding?.reasons.find((reason) => reason.what === 'prevalence')?.value).toContain('too few to tell');
  });

  it('is not misled by records without ends, sizes or ports', async () => {
    const broken = calls(100, 300).map((flow) => Object.assign(flow, { destination_ip: null }));
    const bare = calls(288, 300, {
      destination_port: null,
      source_bytes: null,
      destination_bytes: null,
      conn_state: null,
      network_transport: null,
    });
    const findings = await findingsOf(analytic, [...neighbours(), ...broken, ...bare]);
    expect(findings).toHaveLength(1);
    expect(findings[0]?.reasons.find((reason) => reason.what === 'same size of requests')?.value).toBe(
      'sizes are not known',
    );
  });

  it('keeps a name from the wire out of the command it suggests', async () => {
    const name = `"; rm -rf / #'`;
    const flows = calls(288, 300);
    const [finding] = await findingsOf(analytic, [...neighbours(), ...flows, ...tls(flows, name)]);
    expect(finding?.entities[1]).toEqual({ kind: 'domain', value: name });
    expect(finding?.next).not.toContain(name);
  });

  it('looks at the time it is asked for, and at all that is stored for how long a destination is known', async () => {
    const since = dayStart + 10 * 86_400 * second;
    const events = [...neighbours(), ...calls(14 * 24, 3600)];
    const findings = await withEvents(events, async (store) => {
      const timeCondition = `time >= ${store.macros.toTime(String(since))}`;
      const settings = analytic.settings.parse({});
      const context = {
        store,
        timeCondition,
        since,
        until: undefined,
        networks: createLocalNetworks(),
        settings,
        logger: silentLogger,
        notChecked: () => undefined,
      };
      const list: string[] = [];
      for await (const finding of analytic.run(context)) list.push(`${finding.count} calls`);
      return list;
    });
    expect(findings).toEqual(['96 calls']);
  });

  it('can speak as RITA', async () => {
    const findings = await findingsOf(analytic, [...neighbours(), ...calls(288, 300)], { profile: 'rita-code' });
    expect(findings.map((finding) => [finding.title, finding.severity])).toEqual([
      [`Beacon ${implantHost} to ${farAddress} (RITA 1)`, 'high'],
    ]);
    expect(findings[0]?.evidence.map((pointer) => pointer.at)).toEqual([1, 288]);
  });
});
