import { defineEnricher } from '../../enricher.ts';
import { microsPerSecond } from '../../../base/time.ts';
import type { KindId } from '../../../events/event.ts';
import type { Macros } from '../../../store/macros.ts';
import type { EnrichStore } from '../../../store/store.ts';

/** Sensors of the network that tell of single connections with their time, those that tell most of one first. */
const sensors = ['pcap', 'zeek', 'suricata', 'arkime'] as const;
const kinds = ['flow', 'dns', 'http', 'tls', 'quic'] as const satisfies readonly KindId[];

/** Clocks of sensors that hear the same wire differ by less than this: they keep network time. */
const clockMicros = 5 * microsPerSecond;

export const enricher = defineEnricher({
  id: 'second-sightings',
  title: 'Second sightings',
  description:
    'Which connections two sensors told of: a capture, Zeek, Suricata and Arkime beside each other. Detectors that add up connections, bytes and requests count them once, by the sensor that tells most.',
  reads: ['flow', 'dns', 'http', 'tls', 'quic'],
  fills: ['second_sighting'],
  needs: [],
  async run({ store }) {
    await store.derive(['DELETE FROM second_sighting']);
    const present = await sensorsOf(store, 'flow');
    for (const kind of kinds) {
      const told = await sensorsOf(store, kind);
      const pairs = present.flatMap((first) =>
        told.filter((second) => rankOf(first) < rankOf(second)).map((second) => ({ first, second })),
      );
      // One at a time: what a pair needs is let go before the next.
      for (const pair of pairs) await store.derive([insertStatement(store.macros, kind, pair)]);
    }
  },
});

type Sensor = (typeof sensors)[number];

const rankOf = (sensor: Sensor): number => sensors.indexOf(sensor);
const sensorSql = "split_part(coalesce(event_dataset, ''), '.', 1)";

async function sensorsOf(store: EnrichStore, kind: KindId): Promise<Sensor[]> {
  const rows = await store.query(`SELECT DISTINCT ${sensorSql} AS sensor FROM ${kind}`);
  return sensors.filter((sensor) => rows.some((row) => row['sensor'] === sensor));
}

/** Both ends, whichever of them a sensor took for the opener; the ports of ICMP are types, which sensors tell in their own ways. */
const ends = (() => {
  const end = (side: string): string =>
    `${side}_ip || CASE WHEN network_transport = 'icmp' THEN '' ELSE ' ' || coalesce(${side}_port, -1) END`;
  return `coalesce(network_transport, '') || ' ' || least(${end('source')}, ${end('destination')}) || ' ' || greatest(${end('source')}, ${end('destination')})`;
})();

/**
 * A row of the second sensor is a second sighting when the first tells of a connection between the same ends that was going
 * on then, and of something of this kind in it. By rank in time and not by a join, which one address and port that are used
 * a million times would make a million million rows.
 */
function insertStatement(
  m: Macros,
  kind: KindId,
  { first, second }: { readonly first: Sensor; readonly second: Sensor },
): string {
  const hasEnds = 'uid IS NOT NULL AND source_ip IS NOT NULL AND destination_ip IS NOT NULL';
  const time = m.micros('time');
  return `INSERT INTO second_sighting
WITH heard AS (
  SELECT ${ends} AS ends, uid, ${time} - ${clockMicros} AS began, ${time} + coalesce(event_duration, 0) + ${clockMicros} AS ended, 1 AS is_first
  FROM flow WHERE ${hasEnds} AND ${sensorSql} = '${first}'
  UNION ALL SELECT ${ends}, uid, ${time}, NULL, 0 FROM ${kind} WHERE ${hasEnds} AND ${sensorSql} = '${second}'),
matched AS (
  SELECT uid, began, is_first,
    last_value(CASE WHEN is_first = 1 THEN uid END IGNORE NULLS) OVER earlier AS first_uid,
    last_value(CASE WHEN is_first = 1 THEN ended END IGNORE NULLS) OVER earlier AS first_ended
  FROM heard WINDOW earlier AS (PARTITION BY ends ORDER BY began, is_first DESC, uid ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW))
SELECT '${kind}', '${second}', uid, '${first}', min(first_uid) FROM matched WHERE is_first = 0 AND began <= first_ended${
    kind === 'flow' ? '' : ` AND first_uid IN (SELECT uid FROM ${kind} WHERE ${sensorSql} = '${first}')`
  } AND uid NOT IN (SELECT uid FROM second_sighting WHERE kind = '${kind}' AND sensor = '${second}')
GROUP BY uid`;
}
