import type { ClientHello, ServerHello } from '../base/client-hello.ts';
import type { Transport } from '../base/community-id.ts';
import type { Micros } from '../../../src/base/time.ts';
import type { StepId } from '../intrusion/steps.ts';
import type { Certificate } from '../world/certificates.ts';

/** What happened on the wire, before any sensor wrote about it. Records of the intrusion carry its step. */
export interface Flow {
  readonly uid: string;
  readonly flowId: number;
  readonly communityId: string;
  readonly start: Micros;
  readonly durationMicros: number;
  readonly transport: Transport;
  readonly client: Endpoint;
  readonly server: Endpoint;
  /** Zeek's names; empty when nothing was recognised. */
  readonly services: readonly string[];
  /** Suricata's name; `failed` when nothing was recognised, undefined when there was no payload. */
  readonly appProto: string | undefined;
  readonly up: Volume;
  readonly down: Volume;
  /** Zeek's `conn_state`. */
  readonly state: FlowState;
  readonly history: string;
  readonly step: StepId | undefined;
}

export type FlowState = 'SF' | 'S0' | 'S1' | 'REJ' | 'RSTO' | 'RSTR' | 'OTH';

/** For ICMP the ports are type and code, as in Zeek. */
export interface Endpoint {
  readonly ip: string;
  readonly port: number;
}

export interface Volume {
  readonly payloadBytes: number;
  readonly packets: number;
  /** With IP and transport headers. */
  readonly ipBytes: number;
}

export interface DnsAnswer {
  readonly name: string;
  readonly type: string;
  readonly ttlSeconds: number;
  readonly data: string;
}

export interface DnsTransaction {
  readonly flow: Flow;
  readonly time: Micros;
  readonly id: number;
  readonly name: string;
  readonly type: string;
  readonly responseCode: 'NOERROR' | 'NXDOMAIN' | 'SERVFAIL';
  readonly answers: readonly DnsAnswer[];
  /** Undefined when no answer came. */
  readonly rttMicros: number | undefined;
  readonly isAuthoritative: boolean;
}

export interface TlsHandshake {
  readonly flow: Flow;
  /** When it was complete. */
  readonly time: Micros;
  readonly version: 'TLSv12' | 'TLSv13';
  readonly cipher: string;
  readonly serverName: string | undefined;
  readonly alpn: string | undefined;
  readonly isResumed: boolean;
  readonly hello: ClientHello;
  readonly answer: ServerHello;
  /** Seen only in full TLS 1.2 handshakes; TLS 1.3 encrypts it. */
  readonly certificate: Certificate | undefined;
}

export interface HttpExchange {
  readonly flow: Flow;
  readonly time: Micros;
  readonly answeredAt: Micros;
  /** From 1 in its connection. */
  readonly depth: number;
  readonly method: string;
  readonly host: string;
  readonly target: string;
  readonly referrer: string | undefined;
  readonly userAgent: string;
  readonly requestBytes: number;
  readonly requestMime: string | undefined;
  readonly status: number;
  readonly statusText: string;
  readonly responseBytes: number;
  /** What the server says, and what Zeek finds in the bytes. */
  readonly contentType: string | undefined;
  readonly mime: string | undefined;
  readonly fileName: string | undefined;
}

export interface SshSession {
  readonly flow: Flow;
  readonly clientVersion: string;
  readonly serverVersion: string;
  readonly isLoggedIn: boolean;
  readonly attempts: number;
}

export interface DhcpLease {
  readonly flow: Flow;
  readonly time: Micros;
  readonly mac: string;
  readonly hostName: string;
  readonly ip: string;
  readonly isRenewal: boolean;
  readonly durationMicros: number;
}

/** Something odd that Zeek met in a connection. */
export interface Oddity {
  readonly time: Micros;
  readonly flow: Flow;
  readonly name: string;
  readonly detail: string | undefined;
}
