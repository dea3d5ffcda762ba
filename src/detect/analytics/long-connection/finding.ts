import { formatBytes } from '../../../base/bytes.ts';
import { parseIp } from '../../../base/ip.ts';
import { formatDuration, microsPerHour, microsPerSecond } from '../../../base/time.ts';
import type { Entity } from '../../../events/entity.ts';
import type { Finding, Reason, Severity } from '../../../events/finding.ts';
import { makeFinding } from '../../make-finding.ts';
import { isOddWebPort, portText } from '../../pairs/ports.ts';
import { commonHosts, rarityOf } from '../../pairs/rarity.ts';
import { prevalenceText, roundedReasons, sumOfReasons } from '../../pairs/reasons.ts';
import { youthReason, type History } from '../../pairs/youth.ts';
import { ritaCode } from '../../rita/profile.ts';
import { bandedScore } from '../../rita/threat-score.ts';
import type { LongLink } from './long-links.ts';

/** Of the length's score, what a common destination keeps, and what remains when the network is too small to tell. */
const commonShare = 0.5;
const untellingShare = 0.7;

export function toFinding(link: LongLink, isInternal: boolean, history: History): Finding {
  const reasons = reasonsOf(link, isInternal, history);
  const score = sumOfReasons(reasons);
  const far = link.name ?? link.destination;
  const length = formatDuration(link.dayMicros);
  return makeFinding({
    about: [link.source, link.destination, link.transport, String(link.port)],
    detector: 'analytics/long-connection',
    title: `${link.source} held ${portText(link.transport, link.port)} to ${far} for ${length}`,
    severity: severityOf(score, isInternal, link),
    score,
    first_seen: link.firstSeen,
    last_seen: link.lastSeen,
    entities: entitiesOf(link),
    attack: techniques(link),
    reasons: roundedReasons(reasons),
    evidence: link.connections === 1 ? link.evidence.slice(0, 1) : link.evidence,
    count: link.connections,
    vanishes: `it lasts less than an hour in a day, or ${commonHosts(link.networkSize)} or more local hosts use the destination`,
    next: nextStep(link),
  });
}

function reasonsOf(link: LongLink, isInternal: boolean, history: History): Reason[] {
  const base = bandedScore(link.dayMicros / microsPerSecond, ritaCode.longConnection);
  const rarity = rarityOf(link.hosts, link.networkSize);
  const kept = rarity === undefined ? untellingShare : commonShare + (1 - commonShare) * rarity;
  const list: Reason[] = [
    { what: 'length', value: lengthText(link), weight: base },
    {
      what: 'prevalence',
      value: prevalenceText(link.hosts, link.networkSize, rarity !== undefined),
      weight: base * (kept - 1),
    },
  ];
  const age = youthReason(link.knownSince, history);
  if (age !== undefined) list.push(age);
  if (isInternal) list.push({ what: 'internal destination', value: 'long connections are usual inside', weight: -0.2 });
  if (link.port > 0 && isOddWebPort(link.port) && !usualLongPorts.has(link.port)) {
    list.push({ what: 'unusual port', value: portText(link.transport, link.port), weight: 0.05 });
  }
  if (link.open > 0) list.push({ what: 'still open', value: `${link.open} when last told of`, weight: 0.03 });
  const isUpload = link.sent > mostlyUpload * link.received;
  list.push({ what: 'volume', value: volumeText(link), ...(isUpload ? { weight: 0.05 } : {}) });
  if (link.proxy !== undefined) list.push({ what: 'through a proxy', value: link.proxy });
  const name =
    link.name === undefined ? [] : [{ what: 'name', value: `${link.name}, used by ${link.nameHosts} local hosts` }];
  return [...list, ...name];
}

/** Ports whose protocols keep a connection on purpose: remote shells, mail, push services, VPNs. */
const usualLongPorts: ReadonlySet<number> = new Set([22, 143, 500, 993, 1194, 4500, 5222, 5223, 5228, 51_820]);
const mostlyUpload = 3;

function lengthText(link: LongLink): string {
  const longest = `the longest ${formatDuration(link.longestMicros)}`;
  const count = link.connections === 1 ? 'one connection' : `${link.connections} connections, ${longest}`;
  return `${formatDuration(link.dayMicros)} in a day: ${count}`;
}

function volumeText(link: LongLink): string {
  return `${formatBytes(link.sent)} sent, ${formatBytes(link.received)} received`;
}

/** Length alone is a hint. Only one that is long itself, to a destination that hardly anybody uses, is more. */
function severityOf(score: number, isInternal: boolean, { longestMicros }: LongLink): Severity {
  return score >= 0.6 && !isInternal && longestMicros >= microsPerHour ? 'medium' : 'low';
}

function entitiesOf(link: LongLink): Entity[] {
  const { source, destination, name } = link;
  const isAddress = parseIp(destination) !== undefined;
  const names = new Set([
    ...(isAddress ? [] : [destination]),
    ...(name === undefined || name === destination ? [] : [name]),
  ]);
  return [
    { kind: 'host', value: source },
    ...(isAddress ? [{ kind: 'address', value: destination } as const] : []),
    ...[...names].map((value) => ({ kind: 'domain', value }) as const),
  ];
}

function techniques(link: LongLink): string[] {
  if (link.transport !== 'tcp') return ['T1095'];
  if (!isOddWebPort(link.port)) return link.port === 443 || link.port === 8443 ? ['T1071.001', 'T1573'] : ['T1071.001'];
  return link.port === 22 ? ['T1572'] : ['T1571'];
}

/** Only addresses are put into a command: a name comes from the wire and could carry anything. */
function nextStep({ source, destination, proxy }: LongLink): string {
  const find = `Find the process on ${source} that holds the connection to ${destination}, and whether somebody works with it.`;
  if (proxy !== undefined || parseIp(source) === undefined || parseIp(destination) === undefined) return find;
  return `${find} vakthund hunt "SELECT * FROM flow WHERE source_ip = '${source}' AND destination_ip = '${destination}' ORDER BY event_duration DESC"`;
}
