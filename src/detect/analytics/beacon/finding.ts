import { parseIp } from '../../../base/ip.ts';
import { formatDuration } from '../../../base/time.ts';
import type { Entity } from '../../../events/entity.ts';
import type { Finding, Severity } from '../../../events/finding.ts';
import { makeFinding } from '../../make-finding.ts';
import { isOddWebPort, portText } from '../../pairs/ports.ts';
import { commonHosts, rarityOf } from '../../pairs/rarity.ts';
import type { Channel } from './channel.ts';
import { isOneOfMany, type Score, type Surroundings } from './score.ts';

/** Addresses of a name's channel that become entities: a name that moves around has many. */
const maxAddresses = 5;

export function toFinding(channel: Channel, score: Score, around: Surroundings, also: readonly Entity[]): Finding {
  const { source, destination, measurement } = channel;
  const period = formatDuration(measurement.periodSeconds * 1e6);
  return makeFinding({
    about: [source, destination, channel.transport, String(channel.port)],
    detector: 'analytics/beacon',
    title: `${source} calls ${destination} (${portText(channel.transport, channel.port)}) every ${period}`,
    severity: severityOf(score.value, channel, around),
    score: score.value,
    first_seen: channel.firstSeen,
    last_seen: channel.lastSeen,
    entities: [{ kind: 'host', value: source }, farSide(channel), ...also.slice(0, maxAddresses)],
    attack: techniques(channel),
    reasons: score.reasons,
    evidence: channel.evidence,
    series: channel.series,
    count: measurement.calls,
    vanishes: `the intervals scatter freely around ${period}, or ${commonHosts(channel.networkSize)} or more local hosts use the destination`,
    next: nextStep(channel),
  });
}

/**
 * Timing alone never makes more than high, and not that where nobody can say whether others do the same. What was
 * regular for less than an hour, in evidence that is no longer, stays low, and so do pollers and polling inside the
 * network: both are everywhere, and gain weight beside other findings.
 */
function severityOf(score: number, channel: Channel, around: Surroundings): Severity {
  if (channel.measurement.spanSeconds < 3600 || isOneOfMany(channel, around) || around.isInternal) return 'low';
  const isTelling = rarityOf(channel.hosts, channel.networkSize) !== undefined;
  if (score >= 0.85 && isTelling) return 'high';
  return score >= 0.6 ? 'medium' : 'low';
}

function farSide({ destination, isName }: Channel): Entity {
  const isAddress = !isName || parseIp(destination) !== undefined;
  return { kind: isAddress ? 'address' : 'domain', value: destination };
}

function techniques(channel: Channel): string[] {
  const { transport, port, isName, isProxied, measurement } = channel;
  const list: string[] = [];
  if (port === 53) list.push('T1071.004');
  else if (isName || (transport === 'tcp' && !isOddWebPort(port))) list.push('T1071.001');
  else list.push('T1095');
  if (port === 443 || port === 8443) list.push('T1573');
  if (transport === 'tcp' && isOddWebPort(port)) list.push('T1571');
  if (isProxied) list.push('T1090');
  const isUpload = measurement.medianSent > 10 * measurement.medianReceived;
  if (isUpload && measurement.medianSent > uploadBytes) list.push('T1029');
  return list;
}

/** Sent with every call, this is a scheduled transfer rather than a question for tasks. */
const uploadBytes = 100_000;

/** Only addresses are put into a command, and names of plain characters beside it: a name comes from the wire and could carry anything. */
function nextStep({ source, destination, isName }: Channel): string {
  const far = /^[\w.:-]{1,253}$/.test(destination) ? destination : 'it';
  const find = `Find the process on ${source} that calls ${far}, and whose that is.`;
  if (isName || parseIp(destination) === undefined || parseIp(source) === undefined) return find;
  return `${find} vakthund hunt "SELECT * FROM flow WHERE source_ip = '${source}' AND destination_ip = '${destination}' ORDER BY time"`;
}
