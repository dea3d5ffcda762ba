import type { Macros } from '../../../store/macros.ts';

/** Where IPv4 stands among the numbers of addresses: `::ffff:0:0/96`. */
const v4First = '281470681743360';
const v4Last = '281474976710655';

/**
 * From `seen_address` to `hit_address`: the number of each address, then the listed addresses and networks by it. A network
 * is found by rounding the number down to each size that networks have; IPv4 is done in 64 bits, in which that is fast.
 */
export function addressTables(macros: Macros): string {
  return `known AS (
  SELECT seen_address.value, address.ip_number AS number FROM seen_address JOIN address ON address.ip = seen_address.value
  WHERE address.ip_number IS NOT NULL),
unknown AS (
  SELECT seen_address.value FROM seen_address LEFT JOIN address ON address.ip = seen_address.value WHERE address.ip_number IS NULL),
numbered AS (
  SELECT value, number FROM known
  UNION ALL SELECT value, number FROM (SELECT value, ${numberOf('value', macros)} AS number FROM unknown) WHERE number IS NOT NULL),
v4_address AS (
  SELECT value, CAST(number - ${v4First} AS BIGINT) AS number FROM numbered WHERE number BETWEEN ${v4First} AND ${v4Last}),
v6_address AS (SELECT value, number FROM numbered WHERE number NOT BETWEEN ${v4First} AND ${v4Last}),
v4_network AS (
  SELECT DISTINCT CAST(first_number - ${v4First} AS BIGINT) AS start, CAST(last_number - first_number AS BIGINT) + 1 AS size
  FROM indicator WHERE kind = 'cidr' AND first_number BETWEEN ${v4First} AND ${v4Last}),
v6_network AS (
  SELECT DISTINCT first_number AS start, last_number - first_number + 1 AS size
  FROM indicator WHERE kind = 'cidr' AND first_number NOT BETWEEN ${v4First} AND ${v4Last}),
hit_address AS (
  SELECT numbered.value FROM numbered JOIN indicator ON indicator.kind = 'address' AND indicator.first_number = numbered.number
  UNION ${insideOf('v4_address', 'v4_network')}
  UNION ${insideOf('v6_address', 'v6_network')})`;
}

function insideOf(addresses: string, networks: string): string {
  return `SELECT rounded.value
  FROM (SELECT seen.value, sizes.size, seen.number - seen.number % sizes.size AS start
    FROM ${addresses} AS seen CROSS JOIN (SELECT DISTINCT size FROM ${networks}) AS sizes) AS rounded
  JOIN ${networks} ON ${networks}.start = rounded.start AND ${networks}.size = rounded.size`;
}

/** IPv4 inside IPv6 in mixed spelling too: sockets of dual-stack programs show it. */
function numberOf(ip: string, macros: Macros): string {
  const isMixed = `${macros.startsWith(ip, "'::ffff:'")} AND ${macros.contains(ip, "'.'")}`;
  return `CASE WHEN ${isMixed} THEN ${macros.ipNumber(`substring(${ip}, 8)`)} ELSE ${macros.ipNumber(ip)} END`;
}
