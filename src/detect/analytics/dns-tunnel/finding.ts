import { formatBytes } from '../../../base/bytes.ts';
import { formatDuration } from '../../../base/time.ts';
import { passesOn, type Finding, type Reason, type Series } from '../../../events/finding.ts';
import { makeFinding, severityOf } from '../../make-finding.ts';
import type { NamedChannel, Sighting } from './read-channels.ts';

export function toFinding(
  named: NamedChannel,
  sighting: Sighting,
  judged: { readonly score: number; readonly reasons: readonly Reason[] },
): Finding {
  const { client, domain, first, last, channel } = named;
  const { payload } = channel;
  const isRelay = sighting.askers >= leastAskers;
  const bytes = formatBytes(payload.estimatedBytes + channel.answerBytes);
  return makeFinding({
    about: [client, domain],
    detector: 'analytics/dns-tunnel',
    title: `${client} carries data in DNS names below ${domain}`,
    sentence: `${client} moved about ${bytes} in ${channel.names} DNS names below ${domain}`,
    severity: severityOf(judged.score),
    score: judged.score,
    first_seen: first,
    last_seen: last,
    entities: [
      { kind: 'host', value: client },
      { kind: 'domain', value: domain },
    ],
    attack:
      channel.oddShare > 0.5 || channel.answerBytes > payload.estimatedBytes
        ? ['T1071.004', 'T1572', 'T1048.003']
        : ['T1071.004', 'T1048.003'],
    reasons: [
      ...judged.reasons,
      ...(isRelay ? [{ what: passesOn, value: `${sighting.askers} machines ask ${client} for names` }] : []),
      { what: 'over', value: formatDuration(last - first) },
      { what: 'names', value: payload.examples.map((name) => cut(name)).join(', ') },
      { what: 'asked of', value: sighting.resolvers.join(', ') || 'unknown' },
    ],
    evidence: sighting.evidence,
    series: lengthSeries(payload.labelLengths),
    count: named.count,
    vanishes: `the names below ${domain} are asked for again, are asked for by many machines, or connections to their addresses follow`,
    next: isRelay
      ? `look in the query log of ${client}, or at the traffic to it, which machine asks it for names below ${domain}: that one sends the data; block the domain at the resolver, and decode the names`
      : `find the process on ${client} that asks for names below ${domain}, block the domain at the resolver, and decode the names`,
  });
}

/** Machines that ask for names at one before it counts as a resolver: of two, one may be a test. */
const leastAskers = 3;

/** Names by the length of their longest changing label, four lengths a bin. */
function lengthSeries(counts: readonly number[]): Series[] {
  if (counts.length === 0) return [];
  const bins = Array.from({ length: Math.ceil(counts.length / lengthsPerBin) }, (_none, bin) => ({
    label: `${bin * lengthsPerBin} to ${(bin + 1) * lengthsPerBin - 1} characters`,
    value: counts.slice(bin * lengthsPerBin, (bin + 1) * lengthsPerBin).reduce((total, count) => total + count, 0),
  }));
  return [{ title: 'Length of the longest label that changes', unit: 'names', bins }];
}
const lengthsPerBin = 4;

/** A name is up to 255 bytes of an attacker's choice, more when escaped. */
function cut(name: string): string {
  return name.length <= 100 ? name : `${name.slice(0, 97)}…`;
}
