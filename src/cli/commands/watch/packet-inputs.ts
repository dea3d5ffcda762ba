import type { SensorInputs } from '../../../case/watch/sensors.ts';

export interface PacketOptions {
  readonly interface: readonly string[];
  readonly pcapOverIp: readonly string[];
  readonly captureEvery: string;
}

/** What the sensor of packets is pointed at; nothing when no option names a place that packets come from. */
export function packetInputs(options: PacketOptions, hasStdin: boolean, everyMs: number): SensorInputs {
  const packets = [
    ...options.interface.map((name) => `interface:${name}`),
    ...options.pcapOverIp.map((address) => (address.startsWith('listen:') ? address : `connect:${address}`)),
    ...(hasStdin ? ['stdin'] : []),
  ];
  return { inputs: packets.length === 0 ? {} : { packets }, everyMs };
}
