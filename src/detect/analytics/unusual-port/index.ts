import { z } from 'zod';
import { formatBytes } from '../../../base/bytes.ts';
import type { LocalNetworks } from '../../../base/networks.ts';
import type { Entity } from '../../../events/entity.ts';
import type { Finding, Reason } from '../../../events/finding.ts';
import { defineAnalytic } from '../../analytic.ts';
import { makeFinding, pointerColumns, pointersOf, severityOf } from '../../make-finding.ts';
import type { Macros } from '../../../store/macros.ts';
import type { SqlRow, WorkTable } from '../../../store/store.ts';

const settings = z.strictObject({
  min_payload_bytes: z
    .number()
    .int()
    .min(0)
    .default(1)
    .describe('Payload from which a connection says something about its protocol.'),
  rare_hosts: z
    .number()
    .int()
    .min(1)
    .default(2)
    .describe('Machines of ours that may use an outside port for it to count as unknown here.'),
});

/** Ports whose protocol is fixed, and what the sensors call it. */
const expected: readonly (readonly [port: number, services: readonly string[], name: string])[] = [
  [443, ['ssl', 'tls', 'quic', 'gquic', 'http', 'http2'], 'TLS'],
  [80, ['http', 'http2', 'websocket'], 'HTTP'],
  [53, ['dns'], 'DNS'],
];

export const analytic = defineAnalytic({
  id: 'unusual-port',
  title: 'Protocol and port do not fit',
  description:
    'Connections to the outside that were taken up and carried data, where the protocol is another than the port stands for (SSH or an unknown protocol on 443, TLS on 22), and connections to outside ports that almost nobody here uses (over UDP only where the same place is called again). Flows of sources that know no protocols (NetFlow, firewalls, logs of clouds) are left out. Where a sensor sees public addresses on both sides, a protocol that does not fit is told as info. Both are hints that gain weight beside others: on their own they are low or info.',
  reads: ['flow'],
  countsCalls: true,
  attack: ['T1571'],
  guide: ['B12', 'B14', 'B25'],
  references: ['https://attack.mitre.org/techniques/T1571/'],
  settings,
  async *run({ store, timeCondition, networks, settings: { min_payload_bytes: minPayload, rare_hosts: rareHosts } }) {
    const m = store.macros;
    const { misfits, unknown } = await store.withTables([oddPairs(m, timeCondition)], async (tables) => ({
      misfits: await tables.query(mismatches(minPayload)),
      unknown: await tables.query(unknownPorts(m, rareHosts)),
    }));
    for (const row of misfits) {
      const at = [String(row['source']), Number(row['port']), 'tcp', String(row['destination'])];
      const [found] = await store.query(pointers(m, timeCondition, true), at);
      yield mismatch({ ...row, ...found }, networks);
    }
    for (const row of unknown) {
      const [found] = await store.query(pointers(m, timeCondition, false), [
        String(row['source']),
        Number(row['port']),
        String(row['transport']),
      ]);
      yield unknownPort({ ...row, ...found }, networks);
    }
  },
});

/**
 * `odd_pair`: flows to the outside folded to pair, port and service, where the two do not fit or the sensor knows no
 * protocol on a port that has none of its own.
 */
function oddPairs(m: Macros, timeCondition: string): WorkTable {
  const wrong = expected.map(([port, services]) => {
    const fits = services.map((service) => m.contains('service', `'${service}'`)).join(' OR ');
    return `(port = ${port} AND NOT (${fits}))`;
  });
  const misplaced = "(port IN (22, 25, 53, 80, 110, 143) AND (service = 'ssl' OR service = 'tls'))";
  const sql = `WITH pair AS (
    SELECT source_ip AS source, destination_ip AS destination, destination_port AS port, network_transport AS transport, coalesce(lower(network_protocol), '') AS service,
      sum(coalesce(source_payload_bytes, source_bytes, 0))::BIGINT AS bytes_out, sum(coalesce(destination_payload_bytes, destination_bytes, 0))::BIGINT AS bytes_in,
      count(*) AS n, ${m.micros('min(time)')} AS first, ${m.micros('max(time)')} AS last
    FROM flow WHERE network_transport IN ('tcp', 'udp') AND coalesce(conn_state, 'established') IN (${takenUp.map((state) => `'${state}'`).join(', ')})
      AND coalesce(destination_packets, CASE network_transport WHEN 'tcp' THEN 1 ELSE 0 END) > 0 AND coalesce(is_open, FALSE) = FALSE AND ${knowsProtocols(m)} AND ${timeCondition}
    GROUP BY ALL),
  told AS (SELECT *, (${[...wrong, misplaced].join(' OR ')}) AS is_misfit, service IN ('', 'failed') AND port NOT IN (80, 443, 53) AS is_unknown FROM pair)
  SELECT *, ${m.isLocal('source')} AS is_ours FROM told WHERE (is_misfit AND transport = 'tcp' OR is_unknown) AND NOT ${m.isLocal('destination')}`;
  return { name: 'odd_pair', sql };
}

/** Sensors that look into packets. */
const lookInside = ['zeek.', 'suricata.', 'pcap.', 'arkime.'];

/** Exporters of flows and firewalls see no protocol: that they name none says nothing. Whoever names one does look. */
function knowsProtocols(m: Macros): string {
  const isSensor = lookInside.map((prefix) => m.startsWith('event_dataset', `'${prefix}'`)).join(' OR ');
  return `(event_dataset IS NULL OR ${isSensor} OR event_dataset IN (SELECT event_dataset FROM flow WHERE network_protocol IS NOT NULL))`;
}

const takenUp: readonly string[] = ['SF', 'S1', 'S2', 'S3', 'RSTO', 'RSTR', 'established', 'closed'];

function mismatches(minPayload: number): string {
  return `SELECT * FROM odd_pair WHERE is_misfit AND transport = 'tcp' AND bytes_out >= ${minPayload}
  ORDER BY is_ours DESC, source, destination, port LIMIT ${maxFindings}`;
}

/**
 * Outside ports that only few machines of ours use, where the sensor knows no protocol. Over UDP a place must be called
 * again: calls, games and peers of a swarm each use a port once.
 */
function unknownPorts(m: Macros, rareHosts: number): string {
  return `SELECT port, transport, ${m.countDistinct('source')} AS hosts, min(source) AS source, ${m.distinctListOf('destination', 3)} AS destinations,
    count(DISTINCT destination) AS places, sum(n)::BIGINT AS n, sum(bytes_out)::BIGINT AS bytes_out, sum(bytes_in)::BIGINT AS bytes_in,
    min(first) AS first, max(last) AS last
  FROM odd_pair WHERE is_ours AND is_unknown
  GROUP BY port, transport HAVING hosts <= ${rareHosts} AND (transport = 'tcp' OR max(odd_pair.n) >= ${minUdpFlows})
  ORDER BY transport, port LIMIT ${maxFindings}`;
}

/** Answered UDP flows from one machine to one place from which its port is told. */
const minUdpFlows = 3;

/** Hints of one kind that are told. */
const maxFindings = 300;

function pointers(m: Macros, timeCondition: string, withDestination: boolean): string {
  const destination = withDestination ? 'AND destination_ip = ?' : '';
  return `SELECT ${pointerColumns(m)} FROM flow WHERE source_ip = ? AND destination_port = ? AND network_transport = ? ${destination} AND ${timeCondition}`;
}

function mismatch(row: SqlRow, networks: LocalNetworks): Finding {
  const port = Number(row['port']);
  const service = String(row['service']);
  const name = expected.find(([number]) => number === port)?.[2] ?? 'another protocol';
  const met = service === '' || service === 'failed' ? 'no known protocol' : service;
  const weight = met === service ? 0.4 : 0.25;
  // Between two outside addresses either may be a server of ours, and strangers send it anything.
  const score = networks.isLocal(String(row['source'])) ? weight : 0.15;
  return build(row, networks, {
    about: ['mismatch', String(row['destination']), String(port), service],
    title: `${met} on port ${port} to ${String(row['destination'])}`,
    score,
    reasons: [
      { what: `port ${port} stands for ${name}`, value: met, weight },
      ...(score === weight
        ? []
        : [{ what: 'neither side is in our networks', value: String(row['source']), weight: score - weight }]),
    ],
    destinations: [String(row['destination'])],
  });
}

function unknownPort(row: SqlRow, networks: LocalNetworks): Finding {
  const destinations = (row['destinations'] as readonly string[]).map(String);
  const isUdp = row['transport'] === 'udp';
  return build(row, networks, {
    about: ['unknown', String(row['port']), ...(isUdp ? ['udp'] : [])],
    title: `connection to port ${String(row['port'])}${isUdp ? '/udp' : ''}, hardly used here, in no known protocol`,
    score: 0.1,
    reasons: [
      { what: 'machines of ours that use it', value: String(row['hosts']), weight: 0.1 },
      { what: 'places', value: String(row['places']) },
    ],
    destinations,
  });
}

function build(
  row: SqlRow,
  networks: LocalNetworks,
  said: { about: string[]; title: string; score: number; reasons: Reason[]; destinations: readonly string[] },
): Finding {
  const source = String(row['source']);
  const entities: Entity[] = [
    { kind: networks.isLocal(source) ? 'host' : 'address', value: source },
    ...said.destinations.map((value): Entity => ({ kind: 'address', value })),
  ];
  const volume = {
    what: 'bytes out and in',
    value: `${formatBytes(Number(row['bytes_out']))} out, ${formatBytes(Number(row['bytes_in']))} in`,
  };
  return makeFinding({
    about: [source, ...said.about],
    detector: 'analytics/unusual-port',
    title: said.title,
    severity: severityOf(said.score),
    score: said.score,
    first_seen: Number(row['first']),
    last_seen: Number(row['last']),
    entities,
    attack: ['T1571'],
    reasons: [...said.reasons, { what: 'connections', value: String(row['n']) }, volume],
    evidence: pointersOf(row),
    count: Number(row['n']),
    vanishes: 'the sensor recognises the protocol that the port stands for, or more machines here use the port',
    next: `find which process on ${source} opens the ${said.title}`,
  });
}
