import type { Micros } from '../../../../src/base/time.ts';
import { isInside } from '../../world/hosts.ts';
import type { Flow } from '../../model/network.ts';
import type { Line } from '../line.ts';
import { idColumns, idValues, row, schema, time } from './format.ts';

/** conn.log of Zeek 8 with the policy script community-id-logging. */
export const connLog = schema(
  'conn',
  `ts:time ${idColumns} proto:enum service:string duration:interval orig_bytes:count resp_bytes:count
   conn_state:string local_orig:bool local_resp:bool missed_bytes:count history:string orig_pkts:count
   orig_ip_bytes:count resp_pkts:count resp_ip_bytes:count tunnel_parents:set[string] ip_proto:count
   community_id:string`,
);

const protocolNumbers = { icmp: 1, tcp: 6, udp: 17 } as const;

export function connLine(flow: Flow): Line {
  // Zeek leaves duration and payload unset when all packets have one time.
  const isTimed = flow.durationMicros > 0;
  return {
    at: flow.start + flow.durationMicros + lingerMicros(flow),
    step: flow.step,
    text: row(connLog, [
      time(flow.start),
      ...idValues(flow),
      flow.transport,
      flow.services.length === 0 ? undefined : flow.services.join(','),
      isTimed ? time(flow.durationMicros) : undefined,
      isTimed ? flow.up.payloadBytes : undefined,
      isTimed ? flow.down.payloadBytes : undefined,
      flow.state,
      isInside(flow.client.ip),
      isInside(flow.server.ip),
      0,
      flow.history,
      flow.up.packets,
      flow.up.ipBytes,
      flow.down.packets,
      flow.down.ipBytes,
      undefined,
      protocolNumbers[flow.transport],
      flow.communityId,
    ]),
  };
}

/** How long Zeek waits after the last packet before it writes the row (base/init-bare.zeek). */
function lingerMicros(flow: Flow): Micros {
  if (flow.services.includes('dns') && flow.transport === 'udp') return 10_000_000;
  if (flow.transport !== 'tcp') return 60_000_000;
  return flow.state.startsWith('RST') || flow.state === 'REJ' ? 100_000 : 5_000_000;
}
