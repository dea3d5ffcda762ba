import type { SignedEntity } from '@sigstore/verify';
import { formatIso, type Micros } from '../../../../base/time.ts';

/** The earliest time that a log or a time-stamping authority gives; undefined when none does. Not verified. */
export function timeOf({ timestamps }: SignedEntity): Micros | undefined {
  const times = timestamps.map((stamp) =>
    stamp.$case === 'timestamp-authority'
      ? stamp.timestamp.signingTime.getTime() * 1000
      : Number(stamp.tlogEntry.integratedTime) * 1_000_000,
  );
  return times.length === 0 ? undefined : Math.min(...times);
}

/** `2026-03-10T12:00:00Z by the transparency log`. */
export function timeText(entity: SignedEntity): string {
  const sources = entity.timestamps.map(({ $case }) =>
    $case === 'timestamp-authority' ? 'a time-stamping authority' : 'the transparency log',
  );
  const time = timeOf(entity);
  return time === undefined ? '' : `${formatIso(time).slice(0, 19)}Z by ${[...new Set(sources)].join(' and ')}`;
}

/** `entry 7: inclusion proof with signed checkpoint`. */
export function logText({ tlogEntries }: SignedEntity): string {
  const ways = tlogEntries.map(({ inclusionProof, inclusionPromise, logIndex }) => {
    const proof = inclusionProof === undefined ? [] : ['inclusion proof with signed checkpoint'];
    const promise = inclusionPromise === undefined ? [] : ['signed promise'];
    return `entry ${logIndex}: ${[...proof, ...promise].join(' and ')}`;
  });
  return ways.join('; ');
}
