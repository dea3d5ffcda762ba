import { formatBytes } from '../../../base/bytes.ts';
import { formatDuration, microsPerDay } from '../../../base/time.ts';
import type { Reason } from '../../../events/finding.ts';
import { isOddWebPort, portText } from '../../pairs/ports.ts';
import { rarityOf } from '../../pairs/rarity.ts';
import { prevalenceText, roundedReasons, sumOfReasons } from '../../pairs/reasons.ts';
import { youthReason, type History } from '../../pairs/youth.ts';
import type { Channel } from './channel.ts';
import { isUnbroken, persistence, regularShare } from './measure.ts';

/** What the rest of the store says about a channel. */
export interface Surroundings extends History {
  readonly isInternal: boolean;
  /** Local hosts that use any name of the same registered domain; undefined where there is no name. */
  readonly domainHosts: number | undefined;
  /** Regular channels of the same source, and how many of them never pause (`isUnbroken`). */
  readonly channelsOfSource: number;
  readonly unbrokenOfSource: number;
}

export interface Score {
  readonly value: number;
  readonly reasons: readonly Reason[];
}

/** Shares of the three things that make a beacon, before who else uses the destination is asked. */
const regularityWeight = 0.55;
const sizeWeight = 0.15;
const persistenceWeight = 0.3;
/** Evidence (natural logarithm) from which on few calls take nothing from the regularity. */
const sureEvidence = 30;
/** Of that, what a common destination keeps; and what remains when the network is too small to tell. */
const commonShare = 0.35;
const untellingShare = 0.75;

/** One number, 0 to 1, with every part named. */
export function scoreChannel(channel: Channel, around: Surroundings): Score {
  const { measurement } = channel;
  const sureness = Math.min(1, measurement.regularity.evidence / sureEvidence);
  const regular = regularityWeight * regularShare(measurement.regularity) * sureness;
  const size = sizeWeight * (measurement.sizeShare ?? 0.5);
  const stored = Math.max(1, around.historyEnd - around.historyStart) / 1e6;
  const lasting = persistenceWeight * persistence(measurement.spanSeconds, stored);
  const base = regular + size + lasting;
  const rarity = rarityOf(channel.hosts, channel.networkSize);
  const kept = rarity === undefined ? untellingShare : commonShare + (1 - commonShare) * rarity;
  const reasons: Reason[] = [
    { what: 'interval regularity', value: regularityText(channel), weight: regular },
    { what: 'same size of requests', value: sizeText(channel), weight: size },
    {
      what: 'persistence',
      value: persistenceText(channel),
      weight: lasting,
    },
    {
      what: 'prevalence',
      value: prevalenceText(channel.hosts, channel.networkSize, rarity !== undefined),
      weight: base * (kept - 1),
    },
    ...modifiers(channel, around),
  ];
  return { value: sumOfReasons(reasons), reasons: [...roundedReasons(reasons), oddsReason(channel)] };
}

function regularityText({ measurement }: Channel): string {
  const { regularity, periodSeconds } = measurement;
  const percent = Math.round(regularity.spread * 100);
  const missed = regularity.multiples > 1 ? `, up to ${regularity.multiples - 1} calls missed` : '';
  const atMost = Math.round(regularity.bound * regularity.intervals);
  return `${regularity.inside} of ${regularity.intervals} intervals within ±${percent} % of ${formatDuration(periodSeconds * 1e6)}${missed}; memoryless arrivals put ${atMost} there at most`;
}

function persistenceText({ measurement }: Channel): string {
  const records = measurement.calls === measurement.visits ? '' : ` (${measurement.calls} records)`;
  return `${measurement.visits} calls${records} over ${formatDuration(measurement.spanSeconds * 1e6)}`;
}

/** A plain fact beside the parts: the chance that arrivals without a period look like this. */
function oddsReason({ measurement }: Channel): Reason {
  const exponent = Math.floor(measurement.regularity.evidence / Math.LN10);
  return { what: 'chance of this without a period', value: `below 1 in 10^${exponent}` };
}

function sizeText({ measurement }: Channel): string {
  if (measurement.sizeShare === undefined) return 'sizes are not known';
  return `${Math.round(measurement.sizeShare * 100)} % of the calls send within a tenth of ${formatBytes(measurement.medianSent)}`;
}

/** Small additions and subtractions. Each is there because of a kind of harmless regularity, or of a habit of implants. */
function modifiers(channel: Channel, around: Surroundings): Reason[] {
  const { measurement } = channel;
  const list: Reason[] = [];
  const add = (what: string, value: string, weight: number): void => void list.push({ what, value, weight });
  const age = youthReason(channel.knownSince, around);
  if (age !== undefined) list.push(age);
  const isTelemetry = channel.transport === 'tcp' && telemetryPorts.has(channel.port);
  const isOdd = channel.transport === 'tcp' && isOddWebPort(channel.port);
  if (isTelemetry) {
    const isSettled = isSinceBeginning(channel, around);
    const since = isSettled ? ', and have since the beginning' : '';
    add(
      'telemetry',
      `${portText('tcp', channel.port)}: machines report by the clock${since}`,
      isSettled ? -0.35 : -0.1,
    );
  }
  if (isOdd && !isTelemetry) add('unusual port', portText('tcp', channel.port), 0.03);
  if (around.isInternal) add('internal destination', 'polling inside the network is common', -0.2);
  if (channel.port === 53) add('name service', 'programs ask for names at their own pace', -0.15);
  if (measurement.answeredShare < 0.1) add('never answered', 'a client retries something that is gone', -0.15);
  if (measurement.medianReceived > bulkBytes) {
    add('large answers', `${formatBytes(measurement.medianReceived)} a call, as streaming and updates have`, -0.15);
  }
  if (measurement.medianSent > bulkSentBytes) {
    add(
      'large uploads',
      `${formatBytes(measurement.medianSent)} a call, as backups and synchronised folders have`,
      -0.3,
    );
  }
  if (isDaily(measurement.periodSeconds)) {
    add('daily rhythm', 'people and scheduled jobs come once a day as well', -0.1);
  }
  const company = companyReason(channel, around);
  if (company !== undefined) list.push(company);
  if (around.domainHosts !== undefined && around.domainHosts > channel.hosts) {
    const rarity = rarityOf(around.domainHosts, channel.networkSize) ?? 1;
    if (rarity < 0.5) {
      add('common domain', `${around.domainHosts} local hosts use names of its domain`, -0.3 * (1 - rarity));
    }
  }
  return list;
}

function companyReason(channel: Channel, around: Surroundings): Reason | undefined {
  const { channelsOfSource, unbrokenOfSource } = around;
  if (channelsOfSource <= pollerChannels) return undefined;
  if (isOneOfMany(channel, around)) {
    const value = `the host has ${channelsOfSource} regular channels, as monitoring has`;
    return { what: 'regular to many', value, weight: -0.35 };
  }
  const value = `of the ${channelsOfSource} regular channels of the host ${unbrokenOfSource} never pause`;
  return { what: 'unbroken among many', value, weight: 0 };
}

/**
 * A host of many regular channels is a monitor, which never pauses, or many machines behind one address, whose common programs
 * do. So one that never pauses is held against others that do not: a timer of its own in a crowd is told as on a host of its own.
 */
export function isOneOfMany({ measurement }: Channel, around: Surroundings): boolean {
  if (around.channelsOfSource <= pollerChannels) return false;
  return !isUnbroken(measurement) || around.unbrokenOfSource > pollerChannels;
}

/** MQTT and AMQP, plain and in TLS: what machines and meters report through, each at its pace. */
const telemetryPorts: ReadonlySet<number> = new Set([1883, 5671, 5672, 8883]);

/** Days of records that are needed to say that something was always there, and within which it must then begin. */
const [settledDays, firstDays] = [3, 0.25];

function isSinceBeginning({ knownSince }: Channel, { historyStart, historyEnd }: History): boolean {
  const before = (knownSince - historyStart) / microsPerDay;
  return (historyEnd - historyStart) / microsPerDay >= settledDays && before <= firstDays;
}

/** Answers of this size every time are content, not tasks. */
const bulkBytes = 500_000;

/** So much in every call is a load and no report; whether it should leave is asked by volume (`exfiltration`). */
const bulkSentBytes = 5_000_000;

/** A host with more regular channels than this polls for a living. */
export const pollerChannels = 10;

function isDaily(periodSeconds: number): boolean {
  const days = (periodSeconds * 1e6) / microsPerDay;
  return days > 0.9 && Math.abs(days - Math.round(days)) < 0.05;
}
