import type { Firewall } from '../../exposure/firewall.ts';
import type { IpSets } from '../../exposure/ipset.ts';
import type { ListeningSocket } from '../../exposure/sockets.ts';
import type { UfwStatus } from '../../exposure/ufw.ts';
import type { Place } from './place.ts';

/** What captures tell of the machine around the engine. Each says which file it came from. */
export interface HostCapture {
  readonly sockets: readonly { readonly path: string; readonly sockets: readonly ListeningSocket[] }[];
  readonly firewalls: readonly { readonly path: string; readonly firewall: Firewall }[];
  /** Sets of the kernel that rules of `iptables` ask about. */
  readonly ipSets: IpSets;
  /** By name: networks of engines whose containers have addresses of the network outside. */
  readonly outerNetworks: ReadonlyMap<string, OuterNetwork>;
  readonly ufw: readonly { readonly path: string; readonly status: UfwStatus }[];
  /** Containers by their address, from inspected containers and networks. */
  readonly containersByAddress: ReadonlyMap<string, string>;
  readonly auditRules: readonly { readonly path: string; readonly rules: readonly AuditRule[] }[];
}

/** A network of macvlan or ipvlan. */
export interface OuterNetwork {
  readonly driver: 'macvlan' | 'ipvlan';
  /** Interface of the host that it hangs on; empty when not said. */
  readonly parent: string;
  readonly at: Place;
}

/** A watch or rule of the kernel's audit as `auditctl -l` lists it. */
export interface AuditRule {
  /** File or folder that is watched; absent for rules over system calls without one. */
  readonly path?: string | undefined;
  /** Of `rwxa`. */
  readonly permissions: string;
  readonly line: number;
}
