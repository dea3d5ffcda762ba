import type { Micros } from '../../../src/base/time.ts';
import type { Flow, FlowState, Volume } from '../model/network.ts';
import type { Scene } from '../model/scene.ts';
import { addFlow, ephemeralPort, ipHeaderBytes, rttMicros } from './flow.ts';

export interface TcpPlan {
  readonly time: Micros;
  readonly client: string;
  readonly clientPort?: number;
  readonly server: string;
  readonly serverPort: number;
  readonly upBytes: number;
  readonly downBytes: number;
  readonly durationMicros: number;
  readonly services?: readonly string[];
  readonly appProto?: string;
  /** A finished connection unless said otherwise. */
  readonly state?: FlowState;
}

/** TCP header with the timestamp option, as all current systems send it. */
const headerBytes = 32;
const segmentBytes = 1448;
const synOptionBytes = 8;

const histories: Readonly<Record<'SF' | 'S1' | 'RSTO' | 'RSTR', readonly string[]>> = {
  SF: ['ShADadFf', 'ShADadfF', 'ShADdaFf', 'ShADadFf', 'ShADadFRf'],
  S1: ['ShADad'],
  RSTO: ['ShADadR', 'ShADdaFR'],
  RSTR: ['ShADadr', 'ShADdafr'],
};

/** A TCP connection in which both sides sent something. */
export function tcp(scene: Scene, plan: TcpPlan): Flow {
  const state = plan.state ?? 'SF';
  if (state !== 'SF' && state !== 'S1' && state !== 'RSTO' && state !== 'RSTR') return unanswered(scene, plan, state);
  const dataUp = Math.ceil(plan.upBytes / segmentBytes) + (plan.upBytes > 0 ? scene.rng.integer(0, 2) : 0);
  const dataDown = Math.ceil(plan.downBytes / segmentBytes) + (plan.downBytes > 0 ? scene.rng.integer(0, 2) : 0);
  const closing = state === 'SF' ? 2 : 1;
  const ip = ipHeaderBytes(plan.client);
  const isBulk = plan.upBytes + plan.downBytes > 20_000_000;
  const history = scene.rng.pick(histories[state]);
  // Plans speak of whole seconds; connections end when they end.
  const rest = plan.durationMicros >= 1_000_000 ? scene.rng.integer(1_000, 990_000) : 0;
  return addFlow(scene, {
    time: plan.time,
    transport: 'tcp',
    client: { ip: plan.client, port: plan.clientPort ?? ephemeralPort(scene, plan.client) },
    server: { ip: plan.server, port: plan.serverPort },
    durationMicros: Math.max(plan.durationMicros + rest, rttMicros(scene, plan.server) * 2),
    services: plan.services ?? [],
    appProto: plan.appProto ?? 'failed',
    up: volume(plan.upBytes, 2 + dataUp + Math.ceil(dataDown / 2) + closing, ip),
    down: volume(plan.downBytes, 1 + dataDown + Math.ceil(dataUp / 2) + closing, ip),
    state,
    history: historyOf(history, isBulk, plan.downBytes > 0),
  });
}

/** Big transfers have retransmissions (`t`); a server that sent nothing has no `d`. */
function historyOf(usual: string, isBulk: boolean, isAnswered: boolean): string {
  const spoken = isAnswered ? usual : usual.replaceAll('d', '');
  return isBulk ? spoken.replace('da', 'dtTa').replace('ad', 'atTd') : spoken;
}

function volume(payloadBytes: number, packets: number, ip: number): Volume {
  return { payloadBytes, packets, ipBytes: payloadBytes + packets * (ip + headerBytes) + synOptionBytes };
}

/** A connection that was never set up: `S0` nobody answers, `REJ` the port is closed. */
function unanswered(scene: Scene, plan: TcpPlan, state: FlowState): Flow {
  const syns = state === 'REJ' ? 1 : scene.rng.integer(1, 3);
  const ip = ipHeaderBytes(plan.client);
  const synBytes = ip + headerBytes + synOptionBytes;
  const resetBytes = ip + 20;
  return addFlow(scene, {
    time: plan.time,
    transport: 'tcp',
    client: { ip: plan.client, port: plan.clientPort ?? ephemeralPort(scene, plan.client) },
    server: { ip: plan.server, port: plan.serverPort },
    // Systems repeat an unanswered SYN after one second, then after two.
    durationMicros: state === 'REJ' ? rttMicros(scene, plan.server) : (2 ** (syns - 1) - 1) * 1_015_000,
    services: [],
    appProto: undefined,
    up: { payloadBytes: 0, packets: syns, ipBytes: syns * synBytes },
    down: state === 'REJ' ? { payloadBytes: 0, packets: 1, ipBytes: resetBytes } : noVolume,
    state,
    history: state === 'REJ' ? 'Sr' : 'S',
  });
}

const noVolume: Volume = { payloadBytes: 0, packets: 0, ipBytes: 0 };
