import type { LocalNetworks } from '../base/networks.ts';
import type { ReadStore } from '../store/store.ts';
import { formatCount } from '../outputs/words.ts';
import type { NotChecked } from './detect.ts';

/** What connects addresses that are none of ours. */
export interface ForeignConnections {
  readonly connections: number;
  /** All connections of the case. */
  readonly of: number;
  /** The address that is an end of most of them, and of how many; undefined without any. */
  readonly busiest: { readonly ip: string; readonly connections: number } | undefined;
}

/** Fewer connections tell nothing. */
const leastConnections = 20;
/** What a sensor saw of one machine with a public address has that machine at an end of nearly everything. */
const leastShare = 0.8;
/** From this share of all connections on, passing them by is worth a word. */
const tellingShare = 0.2;
/** Ends looked at: before the machine itself may stand a group address. */
const maxEnds = 10;

/** Counts the connections of which neither end is ours. */
export async function readForeignConnections(store: ReadStore, networks: LocalNetworks): Promise<ForeignConnections> {
  const { macros: m } = store;
  const isForeign = `NOT ${m.isLocal('source_ip')} AND NOT ${m.isLocal('destination_ip')}`;
  const rows = await store.query(`WITH pair AS (
  SELECT source_ip, destination_ip, count(*) AS n FROM flow
  WHERE ${isForeign} AND coalesce(local_orig, FALSE) = FALSE AND coalesce(local_resp, FALSE) = FALSE
  GROUP BY source_ip, destination_ip)
SELECT ip, sum(n) AS n, (SELECT sum(n) FROM pair) AS total FROM (
  SELECT source_ip AS ip, n, n AS opened FROM pair UNION ALL SELECT destination_ip, n, 0 FROM pair)
WHERE ip IS NOT NULL GROUP BY ip ORDER BY n DESC, sum(opened) DESC, ip LIMIT ${maxEnds}`);
  const busiest = rows.find((row) => !networks.isGroup(String(row['ip'])));
  return {
    connections: Number(rows[0]?.['total'] ?? 0),
    of: await store.count('flow'),
    busiest: busiest === undefined ? undefined : { ip: String(busiest['ip']), connections: Number(busiest['n']) },
  };
}

/** The machine with a public address that all this was recorded at or for; undefined when it is not plain which. */
export function ownAddressOf({ connections, busiest }: ForeignConnections): string | undefined {
  if (busiest === undefined || connections < leastConnections) return undefined;
  return busiest.connections >= leastShare * connections ? busiest.ip : undefined;
}

const what = 'connections between addresses outside of your networks';
const how = 'networks.local in the settings says which are yours';

/** Which address was taken for ours, for the report: its reader may know better. */
export function adoptedNote(ip: string): NotChecked {
  return { what, why: `none is left out: ${ip} is an end of nearly all of them and is taken for yours; ${how}` };
}

/** What detectors that look at machines of ours pass by; undefined when it is little. */
export function passedByNote({ connections, of }: ForeignConnections): NotChecked | undefined {
  if (connections < leastConnections || connections < tellingShare * of) return undefined;
  const share = `${formatCount(connections)} of ${formatCount(of)}`;
  return { what, why: `${share}: detectors that look at machines of yours pass them by; ${how}` };
}
