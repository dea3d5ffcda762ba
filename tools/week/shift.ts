import type { Micros } from '../../src/base/time.ts';
import { createEvidence, type Evidence } from '../samples/model/evidence.ts';
import type { Flow } from '../samples/model/network.ts';

/** The network part of the evidence at another time. Certificates stay as old as they are. */
export function shifted(evidence: Evidence, by: Micros): Evidence {
  const moveTimed = <T extends { readonly time: Micros }>(entry: T): T => ({ ...entry, time: entry.time + by });
  const moved = withFlows(evidence, (flow) => ({ ...flow, start: flow.start + by }));
  return {
    ...moved,
    dns: moved.dns.map(moveTimed),
    tls: moved.tls.map(moveTimed),
    http: moved.http.map((entry) => ({ ...moveTimed(entry), answeredAt: entry.answeredAt + by })),
    dhcp: moved.dhcp.map(moveTimed),
    oddities: moved.oddities.map(moveTimed),
  };
}

/** The network part of the evidence with other flows; what belongs to one follows it. */
export function withFlows(evidence: Evidence, change: (flow: Flow) => Flow): Evidence {
  const flows = new Map(evidence.flows.map((flow) => [flow, change(flow)]));
  const follow = <T extends { readonly flow: Flow }>(entry: T): T => ({
    ...entry,
    flow: flows.get(entry.flow) ?? entry.flow,
  });
  return {
    ...createEvidence(),
    flows: [...flows.values()],
    dns: evidence.dns.map(follow),
    tls: evidence.tls.map(follow),
    http: evidence.http.map(follow),
    ssh: evidence.ssh.map(follow),
    dhcp: evidence.dhcp.map(follow),
    oddities: evidence.oddities.map(follow),
  };
}
