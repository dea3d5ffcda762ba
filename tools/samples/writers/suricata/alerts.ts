import type { Micros } from '../../../../src/base/time.ts';
import type { Evidence } from '../../model/evidence.ts';
import type { Flow, HttpExchange } from '../../model/network.ts';
import type { Line } from '../line.ts';
import { frameBytes, packetHead, timestamp } from './common.ts';
import { httpFields } from './events.ts';
import { signatures, type Signature } from './signatures.ts';

/** Alerts and the flows that had one. */
export interface Alerts {
  readonly lines: readonly Line[];
  readonly flows: ReadonlySet<Flow>;
}

export function alertsOf(evidence: Evidence): Alerts {
  const lines: Line[] = [];
  const flows = new Set<Flow>();
  const add = (signature: Signature, at: Micros, flow: Flow, exchange?: HttpExchange): void => {
    flows.add(flow);
    lines.push({ at, step: flow.step, text: JSON.stringify(alertEvent(signature, at, flow, exchange)) });
  };
  for (const signature of signatures) {
    for (const exchange of evidence.http) {
      if (signature.matchesHttp?.(exchange) === true) add(signature, exchange.time + 200, exchange.flow, exchange);
    }
    for (const flow of evidence.flows) {
      if (signature.matchesFlow?.(flow) === true) add(signature, flow.start, flow);
    }
  }
  return { lines, flows };
}

function alertEvent(signature: Signature, at: Micros, flow: Flow, exchange: HttpExchange | undefined): object {
  return {
    ...packetHead('alert', at, flow),
    ...(exchange === undefined ? {} : { tx_id: exchange.depth - 1 }),
    alert: {
      action: 'allowed',
      gid: 1,
      signature_id: signature.id,
      rev: signature.revision,
      signature: signature.name,
      category: signature.category,
      severity: signature.severity,
    },
    ...(exchange === undefined ? {} : { http: httpFields(exchange) }),
    app_proto: flow.appProto ?? 'failed',
    direction: 'to_server',
    flow: soFar(flow),
  };
}

/** Counters at the time of the alert: the request is there, the answer is not. */
function soFar(flow: Flow): object {
  const isTcp = flow.transport === 'tcp';
  return {
    pkts_toserver: isTcp ? 3 : 1,
    pkts_toclient: isTcp ? 1 : 0,
    bytes_toserver: isTcp ? Math.min(frameBytes(flow.up), 940) : 62,
    bytes_toclient: isTcp ? 74 : 0,
    start: timestamp(flow.start),
    src_ip: flow.client.ip,
    dest_ip: flow.server.ip,
    src_port: flow.client.port,
    dest_port: flow.server.port,
  };
}
