import type { LocalNetworks } from '../base/networks.ts';
import type { ReadStore } from '../store/store.ts';
import { formatCount } from '../outputs/words.ts';
import type { NotChecked } from './detect.ts';

/** What connects addresses that are none of ours. */
export interface ForeignConnections {
  readonly connections: number;
  /** All connections of the case. */
  readonly of: number;
  /** Those that carried something both ways. */
  readonly answered: number;
  /** The address that is an end of most answered ones, and of how many; undefined without any. */
  readonly busiest: { readonly ip: string; readonly answered: number } | undefined;
}

/** Fewer connections tell nothing. */
const leastConnections = 20;
/**
 * What was recorded at one machine with a public address has that machine at an end of nearly everything, answered calls too: who
 * searches a network of ours from outside is at an end of everything as well, and gets few answers.
 */
const leastShare = 0.8;
/** From this share of all connections on, passing them by is worth a word. */
const tellingShare = 0.2;
/** Ends looked at: before the machine itself may stand a group address. */
const maxEnds = 10;

/** Counts the connections of which neither end is ours. */
export async function readForeignConnections(store: ReadStore, networks: LocalNetworks): Promise<ForeignConnections> {
  const { macros: m } = store;
  const carried = (side: string): string => `coalesce(${side}_payload_bytes, ${side}_bytes, 0) > 0`;
  const isForeign = `NOT ${m.isLocal('source_ip')} AND NOT ${m.isLocal('destination_ip')}`;
  const rows = await store.query(`WITH pair AS (
  SELECT source_ip, destination_ip, count(*) AS n, count(*) FILTER (WHERE ${carried('source')} AND ${carried('destination')}) AS answered
  FROM flow
  WHERE ${isForeign} AND coalesce(local_orig, FALSE) = FALSE AND coalesce(local_resp, FALSE) = FALSE
  GROUP BY source_ip, destination_ip)
SELECT ip, sum(answered) AS answered, (SELECT sum(n) FROM pair) AS total, (SELECT sum(answered) FROM pair) AS total_answered FROM (
  SELECT source_ip AS ip, answered, answered AS opened FROM pair UNION ALL SELECT destination_ip, answered, 0 FROM pair)
WHERE ip IS NOT NULL GROUP BY ip ORDER BY answered DESC, sum(opened) DESC, ip LIMIT ${maxEnds}`);
  const busiest = rows.find((row) => !networks.isGroup(String(row['ip'])));
  return {
    connections: Number(rows[0]?.['total'] ?? 0),
    of: await store.count('flow'),
    answered: Number(rows[0]?.['total_answered'] ?? 0),
    busiest: busiest === undefined ? undefined : { ip: String(busiest['ip']), answered: Number(busiest['answered']) },
  };
}

/** The machine with a public address that all this was recorded at or for; undefined when it is not plain which. */
export function ownAddressOf({ connections, of, answered, busiest }: ForeignConnections): string | undefined {
  if (busiest === undefined || answered < leastConnections || connections < leastShare * of) return undefined;
  return busiest.answered >= leastShare * answered ? busiest.ip : undefined;
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
