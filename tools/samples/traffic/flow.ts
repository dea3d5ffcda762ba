import type { Micros } from '../../../src/base/time.ts';
import { communityId, type Transport } from '../base/community-id.ts';
import { numberOf, suricataFlowId, zeekId } from '../base/ids.ts';
import type { Endpoint, Flow, FlowState, Volume } from '../model/network.ts';
import type { Scene } from '../model/scene.ts';
import { isInside } from '../world/hosts.ts';

export interface FlowPlan {
  readonly time: Micros;
  readonly transport: Transport;
  readonly client: Endpoint;
  readonly server: Endpoint;
  readonly durationMicros: number;
  readonly services: readonly string[];
  readonly appProto: string | undefined;
  readonly up: Volume;
  readonly down: Volume;
  readonly state: FlowState;
  readonly history: string;
}

/** Records a connection under new ids. */
export function addFlow(scene: Scene, plan: FlowPlan): Flow {
  const key = scene.nextKey();
  const flow: Flow = {
    uid: zeekId('C', key),
    flowId: suricataFlowId(key),
    communityId: communityId(plan.transport, plan.client.ip, plan.client.port, plan.server.ip, plan.server.port),
    start: plan.time,
    durationMicros: Math.round(plan.durationMicros),
    transport: plan.transport,
    client: plan.client,
    server: plan.server,
    services: plan.services,
    appProto: plan.appProto,
    up: plan.up,
    down: plan.down,
    state: plan.state,
    history: plan.history,
    step: scene.step,
  };
  scene.evidence.flows.push(flow);
  return flow;
}

/** Size of the IP header of that address family, without options. */
export function ipHeaderBytes(ip: string): number {
  return ip.includes(':') ? 40 : 20;
}

/** A port that the system of that host gives out: workstations have their own range. */
export function ephemeralPort(scene: Scene, ip: string): number {
  const isWorkstation = ip.startsWith('10.20.10.') || ip.startsWith('2001:db8:20:10:');
  return isWorkstation ? scene.rng.integer(49_152, 65_535) : scene.rng.integer(32_768, 60_999);
}

/** Round trip to an address: under a millisecond inside, the same distance each time outside, with a little noise. */
export function rttMicros(scene: Scene, ip: string): number {
  if (isInside(ip)) return scene.rng.integer(280, 900);
  return Math.round(scene.rng.around((6 + numberOf(`rtt ${ip}`, 32)) * 1000, 0.06));
}
