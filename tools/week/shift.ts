import type { Micros } from '../../src/base/time.ts';
import { createEvidence, type Evidence } from '../samples/model/evidence.ts';
import type { Flow } from '../samples/model/network.ts';

/** The network part of the evidence at another time. Certificates stay as old as they are. */
export function shifted(evidence: Evidence, by: Micros): Evidence {
  const flows = new Map(evidence.flows.map((flow) => [flow, { ...flow, start: flow.start + by }]));
  const move = <T extends { readonly flow: Flow }>(entry: T): T => ({
    ...entry,
    flow: flows.get(entry.flow) ?? entry.flow,
  });
  const moveTimed = <T extends { readonly flow: Flow; readonly time: Micros }>(entry: T): T => ({
    ...move(entry),
    time: entry.time + by,
  });
  return {
    ...createEvidence(),
    flows: [...flows.values()],
    dns: evidence.dns.map(moveTimed),
    tls: evidence.tls.map(moveTimed),
    http: evidence.http.map((entry) => ({ ...moveTimed(entry), answeredAt: entry.answeredAt + by })),
    ssh: evidence.ssh.map(move),
    dhcp: evidence.dhcp.map(moveTimed),
    oddities: evidence.oddities.map(moveTimed),
  };
}
