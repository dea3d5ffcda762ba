import { at, dayStart } from '../../base/clock.ts';
import type { Evidence } from '../../model/evidence.ts';
import type { Line } from '../line.ts';
import { frameBytes, timestamp } from './common.ts';

const intervalMicros = 900_000_000;
/** The sensor has run for eleven days; its counters go on from there. */
const before = {
  uptimeSeconds: 958_211,
  packets: 4_812_113_902,
  bytes: 3_902_441_180_221,
  alerts: 3_108,
  tls: 812_004,
  dns: 1_204_118,
  http: 61_220,
};

/** Counters each quarter of an hour, over the ordinary traffic. */
export function statsLines(evidence: Evidence): Line[] {
  const slot = (time: number): number => Math.max(0, Math.floor((time - dayStart) / intervalMicros));
  const counters = Array.from({ length: 96 }, () => ({ packets: 0, bytes: 0, tls: 0, dns: 0, http: 0 }));
  for (const flow of evidence.flows) {
    const counter = counters[slot(flow.start)];
    if (counter === undefined) continue;
    counter.packets += flow.up.packets + flow.down.packets;
    counter.bytes += frameBytes(flow.up) + frameBytes(flow.down);
    if (flow.appProto === 'tls' || flow.appProto === 'dns' || flow.appProto === 'http') counter[flow.appProto] += 1;
  }
  const total = { ...before };
  return counters.map((counter, index): Line => {
    total.packets += counter.packets;
    total.bytes += counter.bytes;
    total.tls += counter.tls;
    total.dns += counter.dns;
    total.http += counter.http;
    const seenAt = at('00:14:58.120') + index * intervalMicros;
    const event = {
      timestamp: timestamp(seenAt),
      event_type: 'stats',
      stats: {
        uptime: before.uptimeSeconds + (index + 1) * 900,
        capture: { kernel_packets: total.packets, kernel_drops: 0, errors: 0 },
        decoder: {
          pkts: total.packets,
          bytes: total.bytes,
          invalid: 0,
          avg_pkt_size: Math.floor(total.bytes / total.packets),
        },
        detect: { alert: total.alerts, alert_queue_overflow: 0, alerts_suppressed: 0 },
        app_layer: { flow: { http: total.http, tls: total.tls, dns_udp: total.dns } },
      },
    };
    return { at: seenAt, step: undefined, text: JSON.stringify(event) };
  });
}
