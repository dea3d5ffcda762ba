import type { Micros } from '../../base/time.ts';
import type { Endpoint } from './capture/endpoint.ts';
import { formatIp } from '../../base/ip.ts';
import type { ProxyAction } from './rules.ts';

/** What became of a connection. */
export type ConnectionOutcome =
  | 'inspected'
  | 'bypassed'
  | 'blocked'
  /** No TLS: recorded as it was. */
  | 'plain'
  /** The client did not take our certificate: it pins its servers, or does not know the authority. */
  | 'client-refused'
  | 'unreachable'
  | 'failed';

/** A connection as it is told and logged. */
export interface ConnectionRecord {
  readonly time: Micros;
  readonly client: Endpoint;
  readonly server?: Endpoint | undefined;
  /** Name in the hello, else the host that was asked for. */
  readonly name?: string | undefined;
  /** Host that was asked for, where the hello names another one. */
  readonly askedHost?: string | undefined;
  readonly action?: ProxyAction | undefined;
  readonly rule?: string | undefined;
  readonly outcome: ConnectionOutcome;
  /** Why it failed, or who broke off what went on. */
  readonly reason?: string | undefined;
  /** The origin's certificate error. */
  readonly fault?: string | undefined;
  readonly tls?: OriginTls | undefined;
  readonly ja3?: string | undefined;
  readonly ja4?: string | undefined;
  readonly clientBytes: number;
  readonly serverBytes: number;
}

/** What was agreed on with the origin. */
export interface OriginTls {
  readonly version: string;
  readonly cipher: string;
  readonly protocol: string | undefined;
  readonly subject: string | undefined;
  readonly issuer: string | undefined;
  readonly fingerprint256: string | undefined;
}

/**
 * A row of Zeek's ssl.log as JSON: what the decrypted packets no longer show, in a form that Zeek's readers know. The proxy's own facts have
 * names of their own.
 */
export function sslLogRow(record: ConnectionRecord): string {
  const { server, tls } = record;
  return JSON.stringify({
    _path: 'ssl',
    ts: record.time / 1e6,
    'id.orig_h': formatIp(record.client.ip),
    'id.orig_p': record.client.port,
    ...(server === undefined ? {} : { 'id.resp_h': formatIp(server.ip), 'id.resp_p': server.port }),
    server_name: record.name,
    version: tls?.version.replace('.', ''),
    cipher: tls?.cipher,
    next_protocol: tls?.protocol,
    established: tls === undefined ? undefined : record.outcome === 'inspected',
    subject: tls?.subject,
    issuer: tls?.issuer,
    cert_chain_fps: tls?.fingerprint256 === undefined ? undefined : [tls.fingerprint256],
    validation_status: record.fault ?? (tls === undefined ? undefined : 'ok'),
    ja3: record.ja3,
    ja4: record.ja4,
    proxy_outcome: record.outcome,
    proxy_rule: record.rule,
    proxy_reason: record.reason,
    proxy_asked_host: record.askedHost,
    proxy_client_bytes: record.clientBytes,
    proxy_server_bytes: record.serverBytes,
  });
}
