import type { AuditEvent, ContainerLine, FalcoAlert } from './host.ts';
import type { DhcpLease, DnsTransaction, Flow, HttpExchange, Oddity, SshSession, TlsHandshake } from './network.ts';

/** All that happened on the day. Behaviours push to it in any order; writers sort. */
export interface Evidence {
  readonly flows: Flow[];
  readonly dns: DnsTransaction[];
  readonly tls: TlsHandshake[];
  readonly http: HttpExchange[];
  readonly ssh: SshSession[];
  readonly dhcp: DhcpLease[];
  readonly oddities: Oddity[];
  readonly audit: AuditEvent[];
  readonly falco: FalcoAlert[];
  readonly container: ContainerLine[];
}

export function createEvidence(): Evidence {
  return {
    flows: [],
    dns: [],
    tls: [],
    http: [],
    ssh: [],
    dhcp: [],
    oddities: [],
    audit: [],
    falco: [],
    container: [],
  };
}

/** The day without the intrusion: everything that belongs to no step of it. */
export function withoutIntrusion(all: Evidence): Evidence {
  const byFlow = <T extends { readonly flow: Flow }>(list: readonly T[]): T[] =>
    list.filter((entry) => entry.flow.step === undefined);
  const own = <T extends { readonly step: unknown }>(list: readonly T[]): T[] =>
    list.filter((entry) => entry.step === undefined);
  return {
    flows: own(all.flows),
    dns: byFlow(all.dns),
    tls: byFlow(all.tls),
    http: byFlow(all.http),
    ssh: byFlow(all.ssh),
    dhcp: byFlow(all.dhcp),
    oddities: byFlow(all.oddities),
    audit: own(all.audit),
    falco: own(all.falco),
    container: own(all.container),
  };
}
