import type { Micros } from '../../../src/base/time.ts';
import type { Flow, Volume } from '../model/network.ts';
import type { Scene } from '../model/scene.ts';
import { addFlow, ephemeralPort, ipHeaderBytes, rttMicros } from './flow.ts';

export interface UdpPlan {
  readonly time: Micros;
  readonly client: string;
  readonly clientPort?: number;
  readonly server: string;
  readonly serverPort: number;
  /** Payload sizes of the datagrams, or totals for long streams. */
  readonly up: { readonly bytes: number; readonly packets: number };
  readonly down: { readonly bytes: number; readonly packets: number };
  readonly durationMicros: number;
  readonly services?: readonly string[];
  readonly appProto?: string;
}

const udpHeaderBytes = 8;
const icmpHeaderBytes = 8;

/** UDP datagrams between two ports. Without any answer Zeek calls it `S0`. */
export function udp(scene: Scene, plan: UdpPlan): Flow {
  const header = ipHeaderBytes(plan.client) + udpHeaderBytes;
  const volume = (side: UdpPlan['up']): Volume => ({
    payloadBytes: side.bytes,
    packets: side.packets,
    ipBytes: side.bytes + side.packets * header,
  });
  const isAnswered = plan.down.packets > 0;
  return addFlow(scene, {
    time: plan.time,
    transport: 'udp',
    client: { ip: plan.client, port: plan.clientPort ?? ephemeralPort(scene, plan.client) },
    server: { ip: plan.server, port: plan.serverPort },
    durationMicros: plan.durationMicros + (plan.durationMicros >= 60_000_000 ? scene.rng.integer(1_000, 990_000) : 0),
    services: plan.services ?? [],
    appProto: plan.appProto ?? 'failed',
    up: volume(plan.up),
    down: volume(plan.down),
    state: isAnswered ? 'SF' : 'S0',
    history: isAnswered ? 'Dd' : 'D',
  });
}

/** Echo requests and their replies. */
export function ping(scene: Scene, time: Micros, client: string, server: string, count: number): Flow {
  const payload = count * 56;
  const volume = { payloadBytes: payload, packets: count, ipBytes: payload + count * (20 + icmpHeaderBytes) };
  return addFlow(scene, {
    time,
    transport: 'icmp',
    client: { ip: client, port: 8 },
    server: { ip: server, port: 0 },
    durationMicros: (count - 1) * 1_001_000 + rttMicros(scene, server),
    services: [],
    appProto: undefined,
    up: volume,
    down: volume,
    state: 'OTH',
    history: '-',
  });
}
