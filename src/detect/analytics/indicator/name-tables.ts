import type { Macros } from '../../../store/macros.ts';

/** Characters of a name, from its end, that are looked at, as in `IndicatorSet`: a name of a log may have any length. */
const maxNameChars = 512;

/**
 * From `seen_name` to `hit_name`: each name is shortened label by label, and what is left is joined with the listed names.
 * Only names whose registered domain is that of a listed one (or is not known) are walked.
 */
export function nameTables(macros: Macros): string {
  return `walk AS (
  SELECT seen_name.value AS name, ${lastPart('seen_name.value', macros)} AS suffix
  FROM seen_name LEFT JOIN domain ON domain.name = seen_name.value
  WHERE domain.registered_domain IS NULL
    OR domain.registered_domain IN (SELECT join_key FROM indicator WHERE kind = 'domain' AND join_key IS NOT NULL)
  UNION ALL SELECT name, substring(suffix, position('.' IN suffix) + 1) FROM walk WHERE position('.' IN suffix) > 0),
hit_name AS (
  SELECT DISTINCT walk.name AS value FROM walk JOIN indicator ON indicator.kind = 'domain' AND indicator.value = walk.suffix)`;
}

function lastPart(name: string, macros: Macros): string {
  const length = macros.lengthOf(name);
  const from = `CAST(${length} AS INTEGER) - ${maxNameChars - 1}`;
  return `CASE WHEN ${length} > ${maxNameChars} THEN substring(${name}, ${from}) ELSE ${name} END`;
}
