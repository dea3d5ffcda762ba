/**
 * Zones of services that take data in DNS names by design: block lists (RFC 5782), reputation of files and addresses, APNIC's
 * measurement of resolvers. Nobody but their owner reads what is asked there, so no tunnel can hide below them. Behaviour
 * tells most of such services apart without this list; it helps where only their "not listed" answers are seen.
 * Source: the usage pages of each service, and the default lists of SpamAssassin, Postfix' and Rspamd's documentation.
 */
const zones: ReadonlySet<string> = new Set([
  'abuseat.org',
  'avqs.mcafee.com',
  'avts.mcafee.com',
  'backscatterer.org',
  'barracudacentral.org',
  'blocklist.de',
  'cymru.com',
  'dnswl.org',
  'dotnxdomain.net',
  'dronebl.org',
  'gbudb.net',
  'hostkarma.junkemailfilter.com',
  'interserver.net',
  'invaluement.com',
  'isipp.com',
  'mailspike.net',
  'mailspike.org',
  'manitu.net',
  'msbl.org',
  'nszones.com',
  'projecthoneypot.org',
  'psbl.org',
  'rspamd.com',
  'senderscore.com',
  'senderscore.org',
  'sophosxl.net',
  'sorbs.net',
  'spamcop.net',
  'spamhaus.net',
  'spamhaus.org',
  'spamrats.com',
  'surbl.org',
  'surriel.com',
  'uceprotect.net',
  'uribl.com',
]);

/** Share of the names that lie below the zone of a known service. */
export function knownServiceShare(names: readonly string[]): number {
  if (names.length === 0) return 0;
  return names.filter((name) => isBelowZone(name)).length / names.length;
}

/** Zones have two or three labels. */
function isBelowZone(name: string): boolean {
  const labels = name.split('.').slice(-4);
  return [2, 3].some((length) => labels.length > length && zones.has(labels.slice(-length).join('.')));
}
