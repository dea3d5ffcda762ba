import { z } from 'zod';
import { formatBytes } from '../../../base/bytes.ts';
import type { Entity } from '../../../events/entity.ts';
import { formatDuration } from '../../../base/time.ts';
import type { Finding, Reason } from '../../../events/finding.ts';
import { defineAnalytic } from '../../analytic.ts';
import { makeFinding, pointerColumns, pointersOf, severityOf } from '../../make-finding.ts';
import { roundedReasons, sumOfReasons } from '../../pairs/reasons.ts';
import { ramp } from '../../ramp.ts';
import type { LocalNetworks } from '../../../base/networks.ts';
import type { Macros } from '../../../store/macros.ts';
import type { SqlRow } from '../../../store/store.ts';

const settings = z.strictObject({
  min_bytes: z
    .number()
    .int()
    .min(1)
    .default(10_000)
    .describe('Payload in both directions from which a pair is looked at.'),
  min_score: z.number().min(0).max(1).default(0.3).describe('Pairs below this make no finding.'),
});

export const analytic = defineAnalytic({
  id: 'icmp-tunnel',
  title: 'Data inside ICMP',
  description:
    'Pairs of machines that send each other data in echo requests and answers. An honest ping sends packets of one size, and gets each back byte by byte; a tunnel sends what it has. Told by payloads of changing size, by answers that differ from their requests, and by the amount.',
  reads: ['flow'],
  attack: ['T1095', 'T1572', 'T1048.003'],
  guide: ['B12', 'B16'],
  references: ['https://attack.mitre.org/techniques/T1095/', 'https://www.rfc-editor.org/rfc/rfc792'],
  settings,
  async *run({ store, timeCondition, networks, settings: { min_bytes: leastBytes, min_score: leastScore } }) {
    for (const row of await store.query(echoPairs(store.macros, timeCondition, leastBytes))) {
      const finding = judge(row, networks);
      if (finding.score >= leastScore) yield finding;
    }
  },
});

/** Pairs that are told: more are a flood. */
const maxPairs = 200;

/**
 * Echo requests and answers by pair. Payload that is no whole multiple of the packets cannot have been of one size, in any
 * flow of the pair; what answered otherwise than it was asked differs in bytes for each packet.
 */
function echoPairs(m: Macros, timeCondition: string, leastBytes: number): string {
  const varies = (side: string): string =>
    `sum(CASE WHEN ${side}_packets > 0 AND ${side}_payload_bytes % ${side}_packets <> 0 THEN 1 ELSE 0 END)`;
  return `SELECT source_ip AS source, destination_ip AS destination, count(*) AS n, ${varies('source')} AS out_varies, ${varies('destination')} AS in_varies,
    sum(source_payload_bytes)::BIGINT AS bytes_out, sum(destination_payload_bytes)::BIGINT AS bytes_in,
    sum(source_packets)::BIGINT AS packets_out, sum(destination_packets)::BIGINT AS packets_in,
    ${m.micros('min(time)')} AS first, max(${m.micros('time')} + coalesce(event_duration, 0)) AS last, ${pointerColumns(m)}
  FROM flow
  WHERE network_transport IN ('icmp', 'ipv6-icmp', 'icmp6') AND coalesce(source_port, 8) IN (0, 8, 128, 129)
    AND source_payload_bytes IS NOT NULL AND destination_payload_bytes IS NOT NULL AND ${timeCondition}
  GROUP BY source_ip, destination_ip
  HAVING bytes_out + bytes_in >= ${leastBytes} AND packets_out > 0 AND packets_in > 0
  ORDER BY bytes_out + bytes_in DESC, source, destination LIMIT ${maxPairs}`;
}

function judge(row: SqlRow, networks: LocalNetworks): Finding {
  const [source, destination] = [String(row['source']), String(row['destination'])];
  const number = (column: string): number => Number(row[column]);
  const bytes = number('bytes_out') + number('bytes_in');
  const [meanOut, meanIn] = [number('bytes_out') / number('packets_out'), number('bytes_in') / number('packets_in')];
  const varies = number('out_varies') > 0 || number('in_varies') > 0;
  // Lost answers change the sums, never the mean of packets that are all alike.
  const isMirrored = Math.abs(meanOut - meanIn) < 0.01 * Math.max(meanOut, meanIn, 1);
  const reasons: Reason[] = roundedReasons([
    varies
      ? {
          what: 'sizes change',
          value: `${Math.round(meanOut)} bytes out and ${Math.round(meanIn)} in on average`,
          weight: 0.25,
        }
      : { what: 'sizes', value: `${Math.round(meanOut)} bytes out and ${Math.round(meanIn)} in, always the same` },
    ...(isMirrored || !varies
      ? []
      : [
          {
            what: 'answers differ from requests',
            value: `${formatBytes(number('bytes_out'))} out, ${formatBytes(number('bytes_in'))} in`,
            weight: 0.2,
          },
        ]),
    { what: 'payload', value: formatBytes(bytes), weight: varies ? 0.2 * ramp(Math.log10(bytes), 4, 7) : 0 },
    { what: 'packets', value: `${number('packets_out')} out, ${number('packets_in')} in` },
    { what: 'over', value: formatDuration(number('last') - number('first')) },
  ]);
  const score = sumOfReasons(reasons);
  return makeFinding({
    about: [source, destination],
    detector: 'analytics/icmp-tunnel',
    title: `${source} and ${destination} exchange data in ICMP echo`,
    sentence: `${source} exchanged ${formatBytes(bytes)} with ${destination} in ICMP echo packets`,
    severity: severityOf(score),
    score,
    first_seen: number('first'),
    last_seen: number('last'),
    entities: [sideOf(source, networks), sideOf(destination, networks)],
    attack: ['T1095', 'T1572'],
    reasons,
    evidence: pointersOf(row),
    count: number('n'),
    vanishes: 'all echo packets of the pair have one size and come back as they were sent',
    next: `look at the payload of the packets, and find the process on ${source} that has a raw ICMP socket`,
  });
}

function sideOf(value: string, networks: LocalNetworks): Entity {
  return { kind: networks.isLocal(value) ? 'host' : 'address', value };
}
