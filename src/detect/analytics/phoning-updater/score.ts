import { formatBytes } from '../../../base/bytes.ts';
import { formatDuration } from '../../../base/time.ts';
import type { Reason } from '../../../events/finding.ts';
import { rarityOf } from '../../pairs/rarity.ts';
import { prevalenceText, roundedReasons, sumOfReasons } from '../../pairs/reasons.ts';
import { ramp } from '../../ramp.ts';
import { median, type Call, type Change } from './change.ts';

export interface Surroundings {
  /** Machines of ours that call the name, and all that were seen. */
  readonly users: number;
  readonly networkSize: number;
  /** Other machines of ours that call the name, and whose calls changed in the same way. */
  readonly changedToo: number;
}

/** How much the change of a channel looks like something talking home in it, 0 to 1, by named parts. */
export function scoreChange(change: Change, around: Surroundings): { score: number; reasons: Reason[] } {
  const { before, after, usualBefore, usualAfter, extra } = change;
  const reasons = roundedReasons([
    {
      what: 'calls were alike',
      value: `${before.length} calls of about ${formatBytes(usualBefore)} over ${formatDuration(lengthOf(before))}`,
      weight: 0.1 + 0.15 * ramp(before.length, 6, 30),
    },
    {
      what: 'calls send more since',
      value: `${after.length} calls of about ${formatBytes(usualAfter)}`,
      weight: 0.1 + 0.2 * ramp(Math.log2(usualAfter / usualBefore), 0.25, 2),
    },
    {
      what: 'sent beyond the usual',
      value: formatBytes(extra),
      weight: 0.05 * ramp(Math.log10(Math.max(1, extra)), 2, 6),
    },
    ...whatElse(change),
    ...balance(change),
    ...prevalence(around),
  ]);
  return { score: sumOfReasons(reasons), reasons };
}

/** Nothing but the volume changed: something was put into the same request. A new program says a new name of itself. */
function whatElse({ before, after }: Change): Reason[] {
  const changed = (['method', 'path', 'agent'] as const).filter((part) => usual(before, part) !== usual(after, part));
  const words = { method: 'method', path: 'path', agent: 'user agent' };
  if (usual(before, 'method') === undefined) {
    return [{ what: 'what changed in the request', value: 'not seen: encrypted, or no HTTP log' }];
  }
  if (changed.length === 0) {
    return [{ what: 'the rest stayed the same', value: 'method, path and user agent', weight: 0.15 }];
  }
  const values = changed.map(
    (part) => `${words[part]} ${usual(after, part) ?? 'none'} for ${usual(before, part) ?? 'none'}`,
  );
  const weight = (changed.includes('method') ? 0.1 : 0) - (changed.includes('agent') ? 0.15 : 0);
  return [{ what: 'changed as well', value: values.join(', '), weight }];
}

/** An updater fetches: one that sends more than it gets does something else. */
function balance({ before, after }: Change): Reason[] {
  const [was, is] = [before, after].map((calls) =>
    median(calls.map(({ sent, received }) => sent / Math.max(1, received))),
  );
  if (was === undefined || is === undefined || is <= was) return [];
  const turned = was < 1 && is >= 1;
  return [
    {
      what: 'bytes sent for each received',
      value: `${was.toFixed(2)} before, ${is.toFixed(2)} since`,
      weight: turned ? 0.1 : 0.05,
    },
  ];
}

/** What all of them do at once is a new version; what one of many does is not. */
function prevalence({ users, networkSize, changedToo }: Surroundings): Reason[] {
  if (users > 1) {
    const others = users - 1;
    const value = `${changedToo} of ${others} other machines that call it changed as well`;
    return [{ what: 'others', value, weight: changedToo === 0 ? 0.15 : -0.2 * Math.min(1, changedToo / others) }];
  }
  const rarity = rarityOf(users, networkSize);
  return [
    {
      what: 'prevalence',
      value: prevalenceText(users, networkSize, rarity !== undefined),
      weight: rarity === undefined ? 0 : 0.05 * rarity,
    },
  ];
}

function usual(calls: readonly Call[], part: 'method' | 'path' | 'agent'): string | undefined {
  const counts = new Map<string | undefined, number>();
  for (const call of calls) counts.set(call[part], (counts.get(call[part]) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0];
}

function lengthOf(calls: readonly Call[]): number {
  return (calls.at(-1)?.at ?? 0) - (calls[0]?.at ?? 0);
}
