import type { Finding } from '../../../events/finding.ts';
import { largest, median, smallest } from './extremes.ts';
import { countRuns, tolerance, type EqualPieces } from './pieces.ts';
import type { DayVolume, Transfer } from './transfer.ts';

/** Places from which pieces of one size are one thing that was dealt out. */
const leastPlaces = 3;
/** Smaller uploads are alike for many reasons. */
const leastSize = 20_000_000;
/** Share of what went to a place that its pieces of the size have to be. */
const tellingShare = 0.7;

export type Judged = Pick<Finding, 'score' | 'reasons'> & { readonly transfer: Transfer };

/**
 * What one machine sent to several places in pieces of one size is told as one transfer: an archive was cut, and each place got some of it. Only
 * where that is worth more than what went to each place; what habit excuses (`leastScore` not reached) is no part of it.
 */
export function joinSpread(
  all: readonly Judged[],
  leastScore: number,
  judge: (transfer: Transfer) => Omit<Judged, 'transfer'>,
): Judged[] {
  const rest = new Set(all);
  const joined: Judged[] = [];
  for (const [, ofSource] of Map.groupBy(all, ({ transfer }) => transfer.source)) {
    const alike = mostAlike(ofSource.filter((one) => one.score >= leastScore && pieceOf(one.transfer) !== undefined));
    if (alike.length < leastPlaces) continue;
    const transfer = joinTransfers(alike.map((one) => one.transfer));
    const judged = judge(transfer);
    if (judged.score < largest(alike.map(({ score }) => score))) continue;
    joined.push({ transfer, ...judged });
    for (const one of alike) rest.delete(one);
  }
  return [...joined, ...rest];
}

/** Bytes of what went to a place piece by piece; undefined when that is not most of it. */
function pieceOf({ pieces, main, sent }: Transfer): EqualPieces | undefined {
  const found = pieces ?? { count: 1, runs: 1, size: main.size, spread: 0, bytes: main.size };
  return found.size >= leastSize && found.bytes >= tellingShare * sent ? found : undefined;
}

/** Those with pieces of nearly one size that are the most places. */
function mostAlike(list: readonly Judged[]): Judged[] {
  const size = ({ transfer }: Judged): number => pieceOf(transfer)?.size ?? 0;
  const sorted = list.toSorted((a, b) => size(a) - size(b));
  let [bestFrom, bestTo, from] = [0, 0, 0];
  for (const [to, one] of sorted.entries()) {
    while (size(sorted[from] ?? one) * (1 + tolerance) < size(one)) from++;
    if (to + 1 - from > bestTo - bestFrom) [bestFrom, bestTo] = [from, to + 1];
  }
  return sorted.slice(bestFrom, bestTo);
}

function joinTransfers(list: readonly Transfer[]): Transfer {
  const inTime = list.toSorted((a, b) => a.first - b.first || (a.place < b.place ? -1 : 1));
  const sum = (value: (transfer: Transfer) => number): number => inTime.reduce((total, one) => total + value(one), 0);
  const pieces = inTime.map((one) => pieceOf(one)).filter((one) => one !== undefined);
  const sizes = pieces.map(({ size }) => size);
  const [others] = inTime.map(({ othersPerDay }) => othersPerDay).sort((a, b) => median(a) - median(b));
  return {
    source: inTime[0]?.source ?? '',
    place: `${inTime.length} places`,
    spreadOver: inTime.map(({ place, isNamed, addresses }) => ({ place, isNamed, addresses })),
    isNamed: inTime.every(({ isNamed }) => isNamed),
    addresses: [...new Set(inTime.flatMap(({ addresses }) => addresses))],
    days: joinDays(inTime.flatMap(({ days }) => days)),
    sent: sum(({ sent }) => sent),
    received: sum(({ received }) => received),
    connections: sum(({ connections }) => connections),
    first: smallest(inTime.map(({ first }) => first)),
    last: largest(inTime.map(({ last }) => last)),
    pieces: {
      count: pieces.reduce((total, { count }) => total + count, 0),
      runs: Math.max(countRuns(inTime.map(({ main }) => main)), ...pieces.map(({ runs }) => runs)),
      size: median(sizes),
      spread: (largest(sizes) - smallest(sizes)) / Math.max(1, median(sizes)),
      bytes: pieces.reduce((total, { bytes }) => total + bytes, 0),
    },
    main: inTime.map(({ main }) => main).reduce((most, one) => (one.size > most.size ? one : most)),
    timesOfDay: inTime.flatMap(({ timesOfDay }) => timesOfDay),
    hoursPerDay: largest(inTime.map(({ hoursPerDay }) => hoursPerDay)),
    peers: largest(inTime.map(({ peers }) => peers)),
    othersPerDay: others ?? [],
    seenSince: smallest(inTime.map(({ seenSince }) => seenSince)),
    knownSince: smallest(inTime.map(({ knownSince }) => knownSince)),
    evidence: inTime.flatMap(({ evidence }) => evidence.slice(0, 1)),
  };
}

function joinDays(days: readonly DayVolume[]): DayVolume[] {
  return [...Map.groupBy(days, ({ day }) => day)]
    .map(([day, parts]) => ({
      day,
      sent: parts.reduce((total, { sent }) => total + sent, 0),
      received: parts.reduce((total, { received }) => total + received, 0),
      payload: parts.reduce((total, { payload }) => total + payload, 0),
    }))
    .sort((a, b) => a.day - b.day);
}
