import type { Micros } from '../../../../src/base/time.ts';
import { ja3Hash, ja3String, ja3sString, ja4 } from '../../base/client-hello.ts';
import type {
  DnsAnswer,
  DnsTransaction,
  Flow,
  FlowState,
  HttpExchange,
  SshSession,
  TlsHandshake,
} from '../../model/network.ts';
import type { Certificate } from '../../world/certificates.ts';
import type { Line } from '../line.ts';
import { frameBytes, head, packetHead, timestamp } from './common.ts';

function line(at: Micros, flow: Flow, event: object): Line {
  return { at, step: flow.step, text: JSON.stringify(event) };
}

/** The answer with its question, in version 3 of the DNS log (Suricata 8), as with `requests: no`. */
export function dnsLines(dns: DnsTransaction): Line[] {
  if (dns.rttMicros === undefined) return [];
  const answeredAt = dns.time + dns.rttMicros;
  const code = { NOERROR: 0, SERVFAIL: 2, NXDOMAIN: 3 }[dns.responseCode];
  const response = {
    ...packetHead('dns', answeredAt, dns.flow, true),
    dns: {
      version: 3,
      type: 'response',
      tx_id: 1,
      id: dns.id,
      flags: ((dns.isAuthoritative ? 0x8580 : 0x8180) + code).toString(16),
      qr: true,
      ...(dns.isAuthoritative ? { aa: true } : {}),
      rd: true,
      ra: true,
      opcode: 0,
      rcode: dns.responseCode,
      queries: [{ rrname: dns.name, rrtype: dns.type }],
      ...(dns.answers.length === 0 ? {} : { answers: dns.answers.map(answerFields) }),
    },
  };
  return [line(answeredAt, dns.flow, response)];
}

function answerFields(answer: DnsAnswer): object {
  return { rrname: answer.name, rrtype: answer.type, ttl: answer.ttlSeconds, rdata: answer.data };
}

export function tlsLine(tls: TlsHandshake): Line {
  const ja3Text = ja3String(tls.hello);
  const ja3sText = ja3sString(tls.answer);
  return line(tls.time, tls.flow, {
    ...packetHead('tls', tls.time, tls.flow),
    tx_id: 0,
    tls: {
      ...(tls.certificate === undefined ? {} : certificateFields(tls.certificate)),
      ...(tls.isResumed && tls.version === 'TLSv12' ? { session_resumed: true } : {}),
      ...(tls.serverName === undefined ? {} : { sni: tls.serverName }),
      version: tls.version === 'TLSv13' ? 'TLS 1.3' : 'TLS 1.2',
      ja3: { hash: ja3Hash(ja3Text), string: ja3Text },
      ja3s: { hash: ja3Hash(ja3sText), string: ja3sText },
      ja4: ja4(tls.hello),
      ...(tls.hello.alpn.length === 0 ? {} : { client_alpns: tls.hello.alpn }),
      ...(tls.alpn === undefined ? {} : { server_alpns: [tls.alpn] }),
    },
  });
}

function certificateFields(certificate: Certificate): object {
  const seconds = (time: Micros): string => timestamp(time).slice(0, 19);
  const pairs = (hex: string): string => (hex.match(/../g) ?? []).join(':');
  const reversed = (name: string): string => name.split(',').reverse().join(', ');
  return {
    subject: reversed(certificate.subject),
    issuerdn: reversed(certificate.issuer),
    serial: pairs(certificate.serial),
    fingerprint: pairs(certificate.sha1),
    notbefore: seconds(certificate.notBefore),
    notafter: seconds(certificate.notAfter),
  };
}

/** The `http` object, as in http, fileinfo and alert events. */
export function httpFields(exchange: HttpExchange): object {
  const [hostName, port] = exchange.host.split(':');
  return {
    hostname: hostName,
    ...(port === undefined ? {} : { http_port: Number(port) }),
    url: exchange.target,
    http_user_agent: exchange.userAgent,
    ...(exchange.contentType === undefined ? {} : { http_content_type: exchange.contentType.split(';')[0] }),
    ...(exchange.referrer === undefined ? {} : { http_refer: exchange.referrer }),
    http_method: exchange.method,
    protocol: 'HTTP/1.1',
    status: exchange.status,
    length: exchange.responseBytes,
  };
}

export function httpLines(exchange: HttpExchange): Line[] {
  const { flow, answeredAt, depth } = exchange;
  const http = httpFields(exchange);
  const lines = [line(answeredAt, flow, { ...packetHead('http', exchange.time, flow), tx_id: depth - 1, http })];
  if (exchange.responseBytes === 0) return lines;
  const fileinfo = {
    filename: exchange.target.split('?')[0],
    gaps: false,
    state: 'CLOSED',
    stored: false,
    size: exchange.responseBytes,
    tx_id: depth - 1,
  };
  const event = { ...packetHead('fileinfo', answeredAt, flow, true), http, app_proto: 'http', fileinfo };
  return [...lines, line(answeredAt, flow, event)];
}

export function sshLine(session: SshSession): Line {
  const at = session.flow.start + 42_000;
  const side = (banner: string): object => {
    const [, version, software] = banner.split('-', 2).concat(banner.slice(banner.indexOf('-', 4) + 1));
    return { proto_version: version, software_version: software };
  };
  const ssh = { client: side(session.clientVersion), server: side(session.serverVersion) };
  return line(at, session.flow, { ...packetHead('ssh', at, session.flow), tx_id: 0, ssh });
}

export function flowLine(flow: Flow, isAlerted: boolean, transactions: number): Line {
  const end = flow.start + flow.durationMicros;
  const at = end + lingerMicros(flow);
  return line(at, flow, {
    ...head('flow', at, flow),
    ...(flow.transport === 'icmp' ? { response_icmp_type: 0, response_icmp_code: 0 } : {}),
    ...(flow.appProto === undefined ? {} : { app_proto: flow.appProto }),
    flow: {
      pkts_toserver: flow.up.packets,
      pkts_toclient: flow.down.packets,
      bytes_toserver: frameBytes(flow.up),
      bytes_toclient: frameBytes(flow.down),
      start: timestamp(flow.start),
      end: timestamp(end),
      age: Math.floor(end / 1_000_000) - Math.floor(flow.start / 1_000_000),
      state: stateOf(flow),
      reason: 'timeout',
      alerted: isAlerted,
      ...(transactions === 0 ? {} : { tx_cnt: transactions }),
    },
    community_id: flow.communityId,
    ...(flow.transport === 'tcp' ? { tcp: tcpFields(flow) } : {}),
  });
}

function stateOf(flow: Flow): 'new' | 'established' | 'closed' {
  if (flow.transport === 'tcp' && flow.state !== 'S0') return flow.state === 'S1' ? 'established' : 'closed';
  return flow.down.packets > 0 ? 'established' : 'new';
}

/** Flags of both sides as Suricata sums them up: 01 FIN, 02 SYN, 04 RST, 08 PSH, 10 ACK. */
const flagsOf: Readonly<Record<FlowState, readonly [toServer: number, toClient: number, state: string]>> = {
  SF: [0x1b, 0x1b, 'closed'],
  S0: [0x02, 0x00, 'syn_sent'],
  S1: [0x1a, 0x1a, 'established'],
  REJ: [0x02, 0x14, 'closed'],
  RSTO: [0x1e, 0x1a, 'closed'],
  RSTR: [0x1a, 0x1e, 'closed'],
  OTH: [0x10, 0x10, 'established'],
};
const flagNames = { syn: 0x02, fin: 0x01, rst: 0x04, psh: 0x08, ack: 0x10 } as const;

function tcpFields(flow: Flow): object {
  const [toServer, toClient, state] = flagsOf[flow.state];
  const all = toServer | toClient;
  const set = Object.entries(flagNames).filter(([, bit]) => (all & bit) !== 0);
  const hex = (flags: number): string => flags.toString(16).padStart(2, '0');
  const hasData = (all & flagNames.psh) !== 0;
  return {
    tcp_flags: hex(all),
    tcp_flags_ts: hex(toServer),
    tcp_flags_tc: hex(toClient),
    ...Object.fromEntries(set.map(([name]) => [name, true])),
    state,
    ...(hasData ? { ts_max_regions: 1, tc_max_regions: 1 } : {}),
  };
}

/** Suricata's flow timeouts (suricata.yaml, flow-timeouts), and a second or two until the manager comes by. */
function lingerMicros(flow: Flow): Micros {
  const state = stateOf(flow);
  const sweep = 400_000 + (flow.flowId % 1_600_000);
  if (flow.transport === 'tcp') return (state === 'new' ? 60_000_000 : 10_000_000) + sweep;
  return (state === 'new' ? 30_000_000 : 300_000_000) + sweep;
}
