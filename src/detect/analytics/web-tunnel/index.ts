import { z } from 'zod';
import { formatBytes } from '../../../base/bytes.ts';
import type { LocalNetworks } from '../../../base/networks.ts';
import { formatDuration } from '../../../base/time.ts';
import type { Finding, Reason } from '../../../events/finding.ts';
import type { Macros } from '../../../store/macros.ts';
import type { SqlRow } from '../../../store/store.ts';
import { defineAnalytic } from '../../analytic.ts';
import { makeFinding, pointerColumns, pointersOf, severityOf } from '../../make-finding.ts';
import { roundedReasons, sumOfReasons } from '../../pairs/reasons.ts';
import { strangersIn, type Carrier } from './carried.ts';
import { judgeEven } from './even.ts';
import { evenWebsockets } from './even-websockets.ts';
import { judgeLasting } from './lasting.ts';
import { lastingRequests } from './lasting-requests.ts';
import { judgePolled } from './polled.ts';
import { sideOf } from './side.ts';
import { streamRequests } from './stream-requests.ts';

const settings = z.strictObject({
  min_score: z.number().min(0).max(1).default(0.2).describe('Pairs below this make no finding.'),
});

export const analytic = defineAnalytic({
  id: 'web-tunnel',
  title: 'Another protocol inside a WebSocket, a proxied connection or web requests',
  description:
    'Connections that begin as HTTP and then carry what is none of the web: SSH, SOCKS, SMB, RDP and others inside a WebSocket (as chisel and its like do) or behind a CONNECT. Told by what a sensor that looks inside names beside HTTP. What belongs into WebSockets (MQTT, XMPP, SIP) is not told; screens and data bases, which honest consoles carry so, weigh little. And streams cut into requests (reGeorg and its like), by behaviour alone: one address asked again and again, close upon each other, with bodies of no known type and of changing sizes both ways, alone of its server. And streams in few requests that last (httptunnel and its like): a body sent bit by bit while another comes bit by bit from the same address, or one request whose answer begins long before it is over. And WebSockets in which all that goes both ways is binary and as even as encryption is: another connection inside one that needed none.',
  reads: ['flow', 'http', 'log'],
  countsCalls: true,
  attack: ['T1572'],
  guide: ['B12', 'B16', 'B25'],
  references: ['https://attack.mitre.org/techniques/T1572/', 'https://www.rfc-editor.org/rfc/rfc6455'],
  settings,
  async *run({ store, timeCondition, networks, settings: { min_score: leastScore } }) {
    for (const row of await store.query(carryingPairs(store.macros, timeCondition))) {
      const finding = judge(row, networks);
      if (finding !== undefined && finding.score >= leastScore) yield finding;
    }
    for (const row of await store.query(streamRequests(store.macros, timeCondition))) {
      const finding = judgePolled(row, networks);
      if (finding.score >= leastScore) yield finding;
    }
    for (const row of await store.query(evenWebsockets(store.macros, timeCondition))) {
      const finding = judgeEven(row, networks);
      if (finding.score >= leastScore) yield finding;
    }
    for (const row of await store.query(lastingRequests(store.macros, timeCondition))) {
      const finding = judgeLasting(row, networks);
      if (finding.score >= leastScore) yield finding;
    }
  },
});

/** Pairs that are told: more are a flood. */
const maxPairs = 500;

/** Connections with another service beside that of the web, by pair, port and services. */
function carryingPairs(m: Macros, timeCondition: string): string {
  const isWebsocket = m.contains('lower(network_protocol)', "'websocket'");
  return `SELECT source_ip AS source, destination_ip AS destination, destination_port AS port, lower(network_protocol) AS services,
    ${isWebsocket} AS is_websocket, count(*) AS n,
    sum(coalesce(source_payload_bytes, 0))::BIGINT AS bytes_out, sum(coalesce(destination_payload_bytes, 0))::BIGINT AS bytes_in,
    ${m.micros('min(time)')} AS first, max(${m.micros('time')} + coalesce(event_duration, 0)) AS last, ${pointerColumns(m)}
  FROM flow
  WHERE ${m.contains('network_protocol', "','")} AND ${m.contains('lower(network_protocol)', "'http'")} AND ${timeCondition}
    AND (${isWebsocket} OR uid IN (SELECT uid FROM http WHERE http_request_method = 'CONNECT' AND ${timeCondition}))
  GROUP BY source_ip, destination_ip, destination_port, lower(network_protocol)
  ORDER BY n DESC, source, destination, port, services LIMIT ${maxPairs}`;
}

const carrierNames: Readonly<Record<Carrier, string>> = { websocket: 'a WebSocket', connect: 'a proxied connection' };

function judge(row: SqlRow, networks: LocalNetworks): Finding | undefined {
  const [source, destination, port] = [String(row['source']), String(row['destination']), String(row['port'])];
  const number = (column: string): number => Number(row[column]);
  const carrier: Carrier = row['is_websocket'] === true ? 'websocket' : 'connect';
  const strangers = strangersIn(String(row['services']), carrier);
  const [worst] = strangers;
  if (worst === undefined) return undefined;
  const name = worst.name.toUpperCase();
  const isOutward = networks.isLocal(source) && !networks.isLocal(destination);
  const reasons: Reason[] = roundedReasons([
    {
      what: `inside ${carrierNames[carrier]}`,
      value: strangers.map((one) => one.name).join(', '),
      weight: worst.weight,
    },
    ...(isOutward && carrier === 'websocket'
      ? [{ what: 'leads out of our networks', value: destination, weight: 0.1 }]
      : []),
    { what: 'connections', value: `${number('n')} to port ${port}` },
    { what: 'payload', value: `${formatBytes(number('bytes_out'))} out, ${formatBytes(number('bytes_in'))} in` },
    { what: 'over', value: formatDuration(number('last') - number('first')) },
  ]);
  const score = sumOfReasons(reasons);
  return makeFinding({
    about: [source, destination, port, String(row['services'])],
    detector: 'analytics/web-tunnel',
    title: `${name} inside ${carrierNames[carrier]} from ${source} to ${destination}`,
    sentence: `${source} spoke ${name} inside ${carrierNames[carrier]} to ${destination} port ${port}`,
    severity: severityOf(score),
    score,
    first_seen: number('first'),
    last_seen: number('last'),
    entities: [sideOf(source, networks), sideOf(destination, networks)],
    attack: ['T1572'],
    reasons,
    evidence: pointersOf(row),
    count: number('n'),
    vanishes: `the connections carry nothing but what belongs into ${carrierNames[carrier]}`,
    next: `find the process on ${source} that opened the connection, and ask who may go this way`,
  });
}
