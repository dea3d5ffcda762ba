import type { Macros } from '../../../store/macros.ts';
import type { SqlRow } from '../../../store/store.ts';
import type { Contact } from '../../contacts/contact.ts';

/** A place that one machine alone calls. */
export interface LoneContact extends Contact {
  readonly isLoneSystem: boolean;
  readonly isLoneCountry: boolean;
}

/** Contacts that are looked at: of a large network the rarest. */
const maxContacts = 100;

/**
 * Places, of machines, that no other machine calls, in a system that no other calls, with the number of machines in every row; one row without a
 * source where there are none. Machines with more than `maxOfMachine` of them are left out.
 */
export function loneContacts(m: Macros, timeCondition: string, maxOfMachine: number): string {
  return `WITH mine AS (SELECT * FROM channel WHERE kind = 'machine'),
  machines AS (SELECT ${m.countDistinct('source')} AS machines FROM mine),
  place_use AS (SELECT place FROM mine GROUP BY place HAVING ${m.countDistinct('source')} = 1),
  system_use AS (SELECT asn, ${m.countDistinct('source')} AS n FROM mine WHERE asn IS NOT NULL GROUP BY asn),
  country_use AS (SELECT country, ${m.countDistinct('source')} AS n FROM mine WHERE country IS NOT NULL GROUP BY country),
  lone AS (
    SELECT c.source, c.place, c.asn, c.country, c.first_seen, c.last_seen, c.days, c.calls,
      CASE WHEN s.n = 1 THEN 1 ELSE 0 END AS lone_system, CASE WHEN y.n = 1 THEN 1 ELSE 0 END AS lone_country,
      count(*) OVER (PARTITION BY c.source) AS of_machine
    FROM mine c JOIN place_use USING (place) LEFT JOIN system_use s ON s.asn = c.asn LEFT JOIN country_use y ON y.country = c.country
    WHERE s.n = 1 OR y.n = 1)
  SELECT machines, source, place, asn, country, ${m.micros('first_seen')} AS first, ${m.micros('last_seen')} AS last, days, calls, lone_system, lone_country
  FROM machines LEFT JOIN (
    SELECT * FROM lone WHERE of_machine <= ${maxOfMachine} AND ${timeCondition.replaceAll(/\btime\b/g, 'last_seen')}) AS l ON TRUE
  ORDER BY lone_country DESC, first_seen DESC, source, place LIMIT ${maxContacts}`;
}

export function toLoneContact(row: SqlRow): LoneContact {
  return {
    kind: 'machine',
    source: String(row['source']),
    place: String(row['place']),
    asn: typeof row['asn'] === 'number' ? row['asn'] : null,
    country: typeof row['country'] === 'string' ? row['country'] : null,
    first: Number(row['first']),
    last: Number(row['last']),
    days: Number(row['days']),
    calls: Number(row['calls']),
    isLoneSystem: row['lone_system'] === 1,
    isLoneCountry: row['lone_country'] === 1,
  };
}
