import type { Reason } from '../../../events/finding.ts';
import { roundedReasons, sumOfReasons } from '../../pairs/reasons.ts';
import { ramp } from '../../ramp.ts';
import type { Channel } from './channel.ts';
import { excusesOfAnswers, excusesOfNames } from './excuses.ts';
import { signs } from './signs.ts';

/** Bytes from which a channel is worth the effort of one: below, a few session or user ids look the same. */
const fewBytes = 200;
const enoughBytes = 700;
/** Characters of payload in each name that no id needs: a single such name is told, as a hint. */
const longName = 45;
/** Weight that a few long names can have at most. */
const hintShare = 0.55;
/** Parts that weigh less are not told. */
const leastWeight = 0.005;

/**
 * Weighs what a channel looks like. Each part says its number; the sum is the score, 0 to 1. What AV, block lists, CDNs and
 * mail do shows in the answers, in who else asks, and in the connections that follow.
 */
export function scoreChannel(channel: Channel): { score: number; reasons: Reason[] } {
  const { payload, answerBytes } = channel;
  const carried = ramp(payload.estimatedBytes + answerBytes, fewBytes, enoughBytes);
  const hint = hintShare * ramp(payload.meanCharacters, longName, longName + 15) * payload.encodedness;
  const share = Math.max(carried, hint, channel.nullShare);
  const parts = [
    ...signs(channel).map((sign) => ({ ...sign, weight: sign.weight * share })),
    ...excusesOfNames(channel),
    ...excusesOfAnswers(channel),
  ].filter((part) => Math.abs(part.weight) >= leastWeight);
  return { score: sumOfReasons(parts), reasons: roundedReasons(parts) };
}
