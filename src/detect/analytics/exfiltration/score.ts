import { formatBytes } from '../../../base/bytes.ts';
import { microsPerDay } from '../../../base/time.ts';
import type { Reason } from '../../../events/finding.ts';
import { roundedReasons, sumOfReasons } from '../../pairs/reasons.ts';
import { ramp } from '../../ramp.ts';
import { largest, median } from './extremes.ts';
import { exactness, habitOf, type Habit } from './habit.ts';
import type { CaseSpan, Transfer } from './transfer.ts';

/** Bytes below which nothing is told, and from which all signs count in full. */
const fewBytes = 50e6;
const manyBytes = 1e9;
/** A machine that uploads less than this a day elsewhere is taken to send this much. */
const quietDay = 5e6;
/** Below so many machines nothing can be said about who else sends there. */
const tellingNetwork = 4;

/** Weighs one transfer. Each part says its number; the sum is the score, 0 to 1. */
export function scoreTransfer(transfer: Transfer, span: CaseSpan): { score: number; reasons: Reason[] } {
  const share = ramp(decades(transfer.sent), decades(fewBytes), decades(manyBytes));
  const habit = habitOf(transfer, span);
  const parts = [
    ...signs(transfer, span, habit).map((sign) => ({ ...sign, weight: sign.weight * share })),
    ...excuses(transfer, span, habit),
  ].filter((part) => Math.abs(part.weight) >= 0.005);
  return { score: sumOfReasons(parts), reasons: roundedReasons(parts) };
}

interface Part {
  readonly what: string;
  readonly value: string;
  readonly weight: number;
}

function part(what: string, value: string, weight: number): Part {
  return { what, value, weight };
}

function signs(transfer: Transfer, span: CaseSpan, habit: Habit): Part[] {
  const { sent, received, days, peers, othersPerDay } = transfer;
  const largestDay = largest(days.map((day) => day.sent));
  const usual = Math.max(quietDay, median(othersPerDay));
  const ratio = sent / Math.max(1, received);
  // The same day is no measure for itself: what is usual shows after some days.
  const isKnown = 0.4 + 0.6 * ramp(othersPerDay.length, 1, 3);
  return [
    part(
      'sent in all',
      `${formatBytes(sent)} on ${days.length === 1 ? 'one day' : dayText(days.length)}`,
      0.2 * ramp(decades(sent), 8, 9.3),
    ),
    part('sent for each byte received', ratioText(ratio), 0.1 * ramp(decades(ratio), 0.3, 1.3)),
    part(
      'more than the machine uploads elsewhere',
      `${formatBytes(largestDay)} in a day, else ${formatBytes(median(othersPerDay))}`,
      0.15 * isKnown * ramp(decades(largestDay / usual), 0.3, 1.3),
    ),
    part('pieces of one size', piecesText(transfer), 0.3 * piecesStrength(transfer)),
    part('new destination', newText(transfer, span), 0.25 * novelty(transfer, span)),
    part(
      'nobody else sends there',
      `1 of ${span.machines} machines`,
      peers === 0 && span.machines >= tellingNetwork ? 0.05 : 0,
    ),
    part('spread over days', `${habit.activeDays} of ${habit.possibleDays} days`, 0.1 * ramp(habit.activeDays, 2, 7)),
  ];
}

function decades(value: number): number {
  return Math.log10(Math.max(1e-9, value));
}

function dayText(count: number): string {
  return count === 1 ? 'day' : `${count} days`;
}

function ratioText(ratio: number): string {
  return ratio >= 10_000 ? 'more than 10000' : ratio.toFixed(1);
}

/** Three pieces are a hint and eight are none by chance, when they are most of what was sent, and sent one by one. */
function piecesStrength({ pieces, sent }: Transfer): number {
  if (pieces === undefined) return 0;
  return ramp(pieces.bytes / sent, 0.4, 0.7) * ramp(pieces.runs, 1, 3) * (0.6 + 0.4 * ramp(pieces.count, 3, 8));
}

function piecesText({ pieces }: Transfer): string {
  if (pieces === undefined) return 'none';
  return `${pieces.count} of ${formatBytes(pieces.size)} in ${pieces.runs} runs, within ${(pieces.spread * 100).toFixed(2)} %`;
}

/** News only where there was time to see it before. */
function novelty({ knownSince }: Transfer, { first, last }: CaseSpan): number {
  const before = knownSince - first;
  return ramp(before / microsPerDay, 0.5, 2) * ramp(before / Math.max(1, last - first), 0.1, 0.3);
}

function newText({ knownSince }: Transfer, { first }: CaseSpan): string {
  return `first seen ${((knownSince - first) / microsPerDay).toFixed(1)} days after the beginning`;
}

/**
 * How much of a score rhythm excuses. Rhythm alone does not tell a backup from a theft that keeps hours: an address that has no name, that nobody
 * else uses and that hears of the machine for a few hours explains less, and still less when each part has the same size to the byte or nearly.
 */
function routineWorth(transfer: Transfer): number {
  const { isNamed, peers, hoursPerDay } = transfer;
  const isStrange = isNamed || peers > 0 ? 0 : 1 - ramp(hoursPerDay, 6, 12);
  const isCut =
    ramp(piecesStrength(transfer), 0, 0.5) * (1 - ramp(transfer.pieces?.spread ?? 1, exactness, 3 * exactness));
  return 0.8 - isStrange * (0.2 + 0.2 * isCut);
}

function excuses(transfer: Transfer, span: CaseSpan, habit: Habit): Part[] {
  const { sent, received, peers, othersPerDay, days } = transfer;
  const isPieces = ramp(piecesStrength(transfer), 0, 0.5);
  const largestDay = largest(days.map((day) => day.sent));
  const isBusy = ramp(median(othersPerDay) / largestDay, 1, 4);
  const isBothWays = 1 - ramp(sent / Math.max(1, received), 1.5, 3);
  const shared = ramp(peers, 0, 2) * (1 - 0.5 * novelty(transfer, span));
  const every = `${habit.activeDays} of ${habit.possibleDays} days since the beginning`;
  const routine = routineWorth(transfer) * habit.isRoutine;
  const custom = Math.max(0, 0.6 * habit.isCustom * (1 - isPieces) - routine);
  return [
    part('a routine: on time, as much each time', `${every}, every ${dayText(habit.periodDays)}`, -routine),
    part('a habit: known since the beginning', every, -custom),
    part('other machines send there too', `${peers + 1} of ${span.machines} machines`, -0.5 * shared),
    part('as much comes back', `${formatBytes(received)} received`, -0.5 * isBothWays),
    part('the machine uploads as much elsewhere every day', formatBytes(median(othersPerDay)), -0.2 * isBusy),
  ];
}
