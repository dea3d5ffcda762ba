import type { Scene } from '../model/scene.ts';

const names: readonly (readonly [string, string | undefined])[] = [
  ['data_before_established', undefined],
  ['possible_split_routing', undefined],
  ['active_connection_reuse', undefined],
  ['window_recision', undefined],
  ['inappropriate_FIN', undefined],
  ['truncated_tcp_payload', undefined],
];

/** What Zeek finds odd in ordinary traffic. Plays last: it picks among the connections that are there. */
export function sensorOddities(scene: Scene): void {
  const candidates = scene.evidence.flows.filter(
    (flow) => flow.transport === 'tcp' && flow.state !== 'S0' && flow.step === undefined,
  );
  for (let count = 0; count < 34; count++) {
    const flow = scene.rng.pick(candidates);
    const [name, detail] = scene.rng.pick(names);
    scene.evidence.oddities.push({ time: flow.start + Math.floor(flow.durationMicros / 2), flow, name, detail });
  }
}
