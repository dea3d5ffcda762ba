import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '../../base/errors.ts';
import type { RecordContext, Sensor } from '../../collect/sensor.ts';
import type { Notice } from './notice.ts';

export interface KeepRecordingOptions {
  readonly inputs?: readonly string[];
  /** How long after a stop it is tried again the first time; each stop doubles it, up to thirty times as long. */
  readonly againMs: number;
  /** Nobody is told that it starts and stops: it is no sensor that somebody chose. */
  readonly isQuiet: boolean;
  onNotice(notice: Notice): void;
}

const longestFactor = 30;

/**
 * Records until the signal; what stood there before it is brought in by the caller. A sensor that stops before, because somebody took away what it listens to or because it met what it cannot read, is
 * told and started again: a watch that nobody looks at would be blind from then on.
 */
export async function keepRecording(
  sensor: Sensor,
  context: RecordContext,
  options: KeepRecordingOptions,
): Promise<void> {
  const tell = (state: 'started' | 'stopped', message: string): void =>
    options.onNotice({ type: 'sensor', sensor: sensor.id, state, message });
  if (!options.isQuiet) tell('started', sensor.title);
  let waitMs = options.againMs;
  for (let run = 0; ; run++) {
    const startedMs = performance.now();
    const why = await endOf(sensor, context, run > 0);
    if (why === undefined) return;
    // What ran for long before is no sensor that fails at once.
    if (performance.now() - startedMs > options.againMs * longestFactor) waitMs = options.againMs;
    tell('stopped', context.signal.aborted ? why : `${why}; it is tried again in ${Math.ceil(waitMs / 1000)} s`);
    await canRunAgain(sensor, waitMs, context.signal, options);
    if (context.signal.aborted) return;
    tell('started', `${sensor.title}, again`);
    waitMs = Math.min(waitMs * 2, options.againMs * longestFactor);
  }
}

/** Why it ended; undefined when it ended well, by the signal. */
async function endOf(sensor: Sensor, context: RecordContext, isAgain: boolean): Promise<string | undefined> {
  try {
    if (isAgain) await sensor.catchUp?.(context);
    await sensor.record(context);
    return context.signal.aborted ? undefined : 'it ended by itself';
  } catch (error) {
    return messageOf(error);
  }
}

/** Resolves when it can run, after so long at least, or at the signal. */
async function canRunAgain(
  sensor: Sensor,
  waitMs: number,
  signal: AbortSignal,
  { inputs, againMs }: KeepRecordingOptions,
): Promise<void> {
  for (let ms = waitMs; !signal.aborted; ms = Math.min(ms * 2, againMs * longestFactor)) {
    await sleep(ms, undefined, { signal }).catch(() => undefined);
    const why = await sensor.whyNot(inputs).catch(messageOf);
    if (why === undefined) return;
  }
}
