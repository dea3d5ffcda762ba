import type { Mapping } from '../../../events/mapping.ts';
import { alert, alertToClient } from './alert.ts';
import { dnsAnswer, dnsQuery } from './dns.ts';
import { arp, dhcp, fileinfo, flow, http, log, netflow, quic, smtp, ssh, tls } from './mappings.ts';

export const routeIds = [
  'flow',
  'netflow',
  'dns-query',
  'dns-answer',
  'http',
  'tls',
  'quic',
  'ssh',
  'fileinfo',
  'smtp',
  'dhcp',
  'arp',
  'alert',
  'alert-to-client',
  'log',
] as const;
export type RouteId = (typeof routeIds)[number];

export const mappings: Readonly<Record<RouteId, Mapping>> = {
  flow,
  netflow,
  'dns-query': dnsQuery,
  'dns-answer': dnsAnswer,
  http,
  tls,
  quic,
  ssh,
  fileinfo,
  smtp,
  dhcp,
  arp,
  alert,
  'alert-to-client': alertToClient,
  log,
};

/** Event types that always take one route; those that are not named here are logs. */
const routeByType: ReadonlyMap<string, RouteId> = new Map<string, RouteId>([
  ['flow', 'flow'],
  ['netflow', 'netflow'],
  ['http', 'http'],
  ['http2', 'http'],
  ['tls', 'tls'],
  ['quic', 'quic'],
  ['ssh', 'ssh'],
  ['fileinfo', 'fileinfo'],
  ['smtp', 'smtp'],
  ['dhcp', 'dhcp'],
  ['arp', 'arp'],
]);

/** What, besides its type, decides the route of a record. */
interface Traits {
  readonly type: string;
  /** `alert`: towards which end the packet went that set it off. */
  readonly direction: unknown;
  /** `dns`: `query`, `answer`, `request` or `response`. */
  readonly dnsType: unknown;
}

export function routeOf({ type, direction, dnsType }: Traits): RouteId {
  if (type === 'dns') return dnsType === 'query' || dnsType === 'request' ? 'dns-query' : 'dns-answer';
  if (type === 'alert') return direction === 'to_client' ? 'alert-to-client' : 'alert';
  return routeByType.get(type) ?? 'log';
}
