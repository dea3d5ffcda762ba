import { dayStart, dayText } from '../../base/clock.ts';
import { withoutIntrusion, type Evidence } from '../../model/evidence.ts';
import type { Flow } from '../../model/network.ts';
import { inOrder, spans, type Line, type LogFile } from '../line.ts';
import { alertsOf } from './alerts.ts';
import { dnsLines, flowLine, httpLines, sshLine, tlsLine } from './events.ts';
import { statsLines } from './stats.ts';

const quarterDayMicros = 21_600_000_000;

/** Suricata's eve.json, turned over every six hours. */
export function suricataFiles(evidence: Evidence): LogFile[] {
  const alerts = alertsOf(evidence);
  const transactions = countTransactions(evidence);
  const lines: Line[] = [
    ...evidence.dns.flatMap(dnsLines),
    ...evidence.tls.map(tlsLine),
    ...evidence.http.flatMap(httpLines),
    ...evidence.ssh.map(sshLine),
    ...alerts.lines,
    ...evidence.flows.map((flow) => flowLine(flow, alerts.flows.has(flow), transactions.get(flow) ?? 0)),
    ...statsLines(withoutIntrusion(evidence)),
  ];
  return spans(inOrder(lines), dayStart, quarterDayMicros, 4).map((part, index) => ({
    path: `suricata/eve-${dayText}-${String(index * 6).padStart(2, '0')}.json.gz`,
    header: [],
    lines: part,
    footer: [],
  }));
}

function countTransactions(evidence: Evidence): Map<Flow, number> {
  const counts = new Map<Flow, number>();
  const add = (flow: Flow, count: number): void => void counts.set(flow, (counts.get(flow) ?? 0) + count);
  for (const dns of evidence.dns) add(dns.flow, 2);
  for (const entry of [...evidence.tls, ...evidence.http, ...evidence.ssh]) add(entry.flow, 1);
  return counts;
}
