const octet = '(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])';
const ipv4 = `'(?:${octet}[.]){3}${octet}'`;
const group = '[1-9a-f][0-9a-f]{0,3}';
/** Groups without two zeros in a row: before `::` the last one, behind it the first one is not zero. */
const left = `(?:0:)?${group}(?::(?:0:)?${group})*`;
const right = `${group}(?::0)?(?::${group}(?::0)?)*`;
const whole = `'${left}(?::0)?'`;
const shortened = `'(?:${left})?::(?:${right})?'`;

/**
 * SQL that is true only for text that `canonicalIp` leaves as it is. It is false for some of those too (rare forms of
 * IPv6), never true for any other.
 */
export function isCanonicalIp(text: string): string {
  const colons = `(strlen(${text}) - strlen(replace(${text}, ':', '')))`;
  const ipv6 =
    `(${colons} = 7 AND regexp_full_match(${text}, ${whole})` +
    ` OR ${colons} < 7 AND regexp_full_match(${text}, ${shortened}) AND NOT starts_with(${text}, '::ffff:'))`;
  return `CASE WHEN contains(${text}, ':') THEN ${ipv6} ELSE regexp_full_match(${text}, ${ipv4}) END`;
}

/** SQL that is true for every text of which `canonicalIp` makes another text, and for some that are no address. */
export function mayBeOtherIp(text: string): string {
  return `(contains(${text}, ':') AND regexp_full_match(${text}, '[0-9a-fA-F:.]*(?:%.*)?') AND NOT (${isCanonicalIp(text)}))`;
}
