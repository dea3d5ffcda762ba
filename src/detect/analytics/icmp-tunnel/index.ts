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
    'Pairs of machines that send each other data in echo requests and answers. An honest ping fills its packets with a pattern, and gets each back byte by byte; a tunnel sends what it has. Told by answers that differ from their requests, by bytes that are no filling (in replies that nobody asked for too), by payloads of changing size, and by the amount.',
  reads: ['flow'],
  countsCalls: true,
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

/** Answers that are counted as lost may have been as long as this: jumbo frames. */
const maxPacketBytes = 9000;

/**
 * Echo requests and answers by pair. Payload that is no whole multiple of the packets cannot have been of one size, in any flow of the pair.
 * Where fewer bytes came back than went out, and no more than the answers that are missing may have held, each of the others may have
 * returned what it was sent; a flow of which that cannot be said is `differing`.
 *
 * Requests that nobody answers prove nothing by their sums: a machine that is down is pinged too. Where packets were read by ourselves a record says what was in them (`seen`): how many answers returned something else, and how many bytes
 * are no filling.
 */
function echoPairs(m: Macros, timeCondition: string, leastBytes: number): string {
  const varies = (side: string): string =>
    `sum(CASE WHEN ${side}_packets > 0 AND ${side}_payload_bytes % ${side}_packets <> 0 THEN 1 ELSE 0 END)`;
  const lost = 'greatest(source_packets - destination_packets, 0)';
  const missing = 'source_payload_bytes - destination_payload_bytes';
  // A few answers twice, or to requests that the sensor missed, are no other answers.
  const twice = 'greatest(destination_packets - source_packets, 0)';
  const isReturned = `(${missing} BETWEEN -(${twice}) * ${maxPacketBytes} AND ${lost} * ${maxPacketBytes} AND ${twice} <= greatest(2, source_packets / 50))`;
  const field = (name: string): string => m.numberOf(m.jsonText('fields', name));
  return `SELECT p.*, s.replies, s.changed, s.content FROM (
    SELECT source_ip AS source, destination_ip AS destination, count(*) AS n, ${varies('source')} AS out_varies, ${varies('destination')} AS in_varies,
      sum(CASE WHEN ${isReturned} THEN 0 ELSE 1 END) AS differing,
      sum(source_payload_bytes)::BIGINT AS bytes_out, sum(destination_payload_bytes)::BIGINT AS bytes_in,
      sum(CASE WHEN source_port IN (0, 129) THEN 1 ELSE 0 END) AS begun_by_reply, sum(source_packets)::BIGINT AS packets_out, sum(destination_packets)::BIGINT AS packets_in,
      ${m.micros('min(time)')} AS first, max(${m.micros('time')} + coalesce(event_duration, 0)) AS last, ${pointerColumns(m)}
    FROM flow
    WHERE network_transport IN ('icmp', 'ipv6-icmp', 'icmp6') AND coalesce(source_port, 8) IN (0, 8, 128, 129)
      AND source_payload_bytes IS NOT NULL AND destination_payload_bytes IS NOT NULL AND ${timeCondition}
    GROUP BY source_ip, destination_ip
    HAVING bytes_out + bytes_in >= ${leastBytes} AND packets_out > 0
  ) p LEFT JOIN (
    SELECT source_ip, destination_ip, sum(${field('replies')}) AS replies, sum(${field('changed_replies')}) AS changed, sum(${field('content_bytes')}) AS content
    FROM log WHERE event_dataset = 'pcap.icmp_echo' AND ${timeCondition} GROUP BY source_ip, destination_ip
  ) s ON s.source_ip = p.source AND s.destination_ip = p.destination
  WHERE p.packets_in > 0 OR s.content >= ${leastBytes}
  ORDER BY bytes_out + bytes_in DESC, source, destination LIMIT ${maxPairs}`;
}

/** Whether each side sent something; `unasked`: one side sent replies, to requests that nobody sent. */
type Course = 'answered' | 'unanswered' | 'unasked';

/** What is known of the packets of a pair. */
interface Echoes {
  readonly bytes: number;
  readonly course: Course;
  readonly varies: boolean;
  readonly differs: boolean;
  /** Bytes that are no filling; undefined where only sums are known. */
  readonly content: number | undefined;
}

function echoesOf(row: SqlRow): Echoes {
  const number = (column: string): number => Number(row[column]);
  const bytes = number('bytes_out') + number('bytes_in');
  const course = courseOf(row);
  const varies = number('out_varies') > 0 || number('in_varies') > 0;
  if (row['content'] === null) {
    return { bytes, course, varies, differs: varies && number('differing') > 0, content: undefined };
  }
  const differs = number('changed') > Math.max(2, 0.05 * number('replies'));
  // The first packet of a pattern that is not known counts as content.
  const content = number('content') < Math.max(2000, 0.02 * bytes) ? 0 : number('content');
  return { bytes, course, varies, differs, content };
}

function courseOf(row: SqlRow): Course {
  if (Number(row['packets_in']) > 0) return 'answered';
  return Number(row['begun_by_reply']) === Number(row['n']) ? 'unasked' : 'unanswered';
}

const oneWay: Readonly<
  Record<Course, readonly { readonly what: string; readonly value: string; readonly weight: number }[]>
> = {
  answered: [],
  unanswered: [{ what: 'nobody answers', value: 'what is sent goes on all the same', weight: 0.1 }],
  unasked: [
    { what: 'nobody asked', value: 'replies without requests, as of a server with two addresses', weight: 0.1 },
  ],
};

/** Nothing where all may be honest: packets that changed their size and were returned as they came prove nothing by themselves. */
function weigh({
  bytes,
  course,
  varies,
  differs,
  content,
}: Echoes): { readonly what: string; readonly value: string; readonly weight: number }[] {
  const carried = content ?? (differs ? bytes : 0);
  if (carried === 0 && !differs) return [];
  return [
    ...(differs
      ? [{ what: 'answers differ from requests', value: 'they do not return what was sent', weight: 0.25 }]
      : []),
    ...oneWay[course],
    ...(content === undefined || content === 0
      ? []
      : [
          {
            what: 'no filling',
            value: `${formatBytes(content)} are no pattern and not the same in each packet`,
            weight: 0.25,
          },
        ]),
    ...(varies
      ? [{ what: 'sizes change', value: 'a ping keeps to one', weight: content === undefined ? 0.2 : 0.1 }]
      : []),
    { what: 'payload', value: formatBytes(bytes), weight: 0.2 * ramp(Math.log10(Math.max(carried, 1)), 4, 7) },
  ];
}

function judge(row: SqlRow, networks: LocalNetworks): Finding {
  const [source, destination] = [String(row['source']), String(row['destination'])];
  const number = (column: string): number => Number(row[column]);
  const echoes = echoesOf(row);
  const meanOut = number('bytes_out') / number('packets_out');
  const meanIn = number('bytes_in') / Math.max(1, number('packets_in'));
  const reasons: Reason[] = roundedReasons([
    ...weigh(echoes),
    { what: 'sizes', value: `${Math.round(meanOut)} bytes out and ${Math.round(meanIn)} in on average` },
    { what: 'bytes', value: `${formatBytes(number('bytes_out'))} out, ${formatBytes(number('bytes_in'))} in` },
    { what: 'packets', value: `${number('packets_out')} out, ${number('packets_in')} in` },
    { what: 'over', value: formatDuration(number('last') - number('first')) },
  ]);
  const score = sumOfReasons(reasons);
  return makeFinding({
    about: [source, destination],
    detector: 'analytics/icmp-tunnel',
    ...wordsOf(source, destination, echoes),
    severity: severityOf(score),
    score,
    first_seen: number('first'),
    last_seen: number('last'),
    entities: [sideOf(source, networks), sideOf(destination, networks)],
    attack: ['T1095', 'T1572'],
    reasons,
    evidence: pointersOf(row),
    count: number('n'),
    vanishes: 'all echo packets of the pair come back as they were sent, and hold nothing but filling',
    next: `look at the payload of the packets, and find the process on ${source} that has a raw ICMP socket`,
  });
}

function wordsOf(source: string, destination: string, { course, bytes }: Echoes): Pick<Finding, 'title' | 'sentence'> {
  if (course === 'answered') {
    return {
      title: `${source} and ${destination} exchange data in ICMP echo`,
      sentence: `${source} exchanged ${formatBytes(bytes)} with ${destination} in ICMP echo packets`,
    };
  }
  const [what, how] =
    course === 'unasked' ? ['echo replies', 'that nobody asked for'] : ['echo requests', 'that nobody answered'];
  return {
    title: `${source} sends ${destination} data in ICMP ${course === 'unasked' ? 'echo replies that nobody asked for' : 'echo that nobody answers'}`,
    sentence: `${source} sent ${destination} ${formatBytes(bytes)} in ICMP ${what} ${how}`,
  };
}

function sideOf(value: string, networks: LocalNetworks): Entity {
  return { kind: networks.isLocal(value) ? 'host' : 'address', value };
}
