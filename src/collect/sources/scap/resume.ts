import type { Checkpoint } from '../../source.ts';

/** How far the content was handed over. */
export interface Progress {
  /** Events of ours that were handed over. */
  readonly events: number;
  /** Offset up to which problems were reported. */
  readonly byte: number;
}

/**
 * The state of a machine (processes, descriptors) is too large to be kept with every batch. So going on means reading
 * from the beginning once more, without handing over again what was handed over: the same bytes give the same events.
 */
export function checkpointOf({ events, byte }: Progress): Checkpoint {
  return { byte: 0, line: 0, state: JSON.stringify({ events, byte }) };
}

/** Nothing for text that this source did not write. */
export function progressOf({ state }: Checkpoint): Progress {
  const match = /^\{"events":(\d{1,15}),"byte":(\d{1,15})\}$/.exec(state ?? '');
  return match === null ? { events: 0, byte: 0 } : { events: Number(match[1]), byte: Number(match[2]) };
}
