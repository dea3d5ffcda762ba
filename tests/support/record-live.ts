import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { GuardedPath } from '../../src/collect/guarded.ts';
import type { Sensor } from '../../src/collect/sensor.ts';
import { sources } from '../../src/collect/sources/registry.generated.ts';
import type { EventRow } from '../../src/events/event.ts';
import { decodeContent } from './decode-content.ts';

/** A sensor that records into a folder. */
export interface Recording {
  readonly lost: readonly string[];
  readonly notes: readonly string[];
  /** Events that its source makes of what stands there now. */
  events(): Promise<EventRow[]>;
  /** Does something again and again until there is an event as wanted, which is given. */
  until(isWanted: (event: EventRow) => boolean, act?: () => void): Promise<EventRow>;
  stop(): Promise<void>;
}

/** Records with a sensor in a test. */
export function recordLive(
  sensor: Sensor,
  folder: string,
  guarded: readonly GuardedPath[] = [],
  inputs: readonly string[] = [],
): Recording {
  mkdirSync(folder, { recursive: true });
  const stop = new AbortController();
  const [lost, notes]: [string[], string[]] = [[], []];
  const ended = sensor.record({
    folder,
    signal: stop.signal,
    guarded,
    inputs,
    onLost: (count, why) => lost.push(`${count} ${why}`),
    onNote: (note) => notes.push(note),
    onContainerProcess: () => undefined,
    onContainer: () => undefined,
  });
  const source = Object.values(sources).find(({ id }) => id === sensor.source);
  if (source === undefined) throw new Error(`there is no source ${sensor.source}`);
  const events = async (): Promise<EventRow[]> => {
    const all: EventRow[] = [];
    for (const name of readdirSync(folder)) {
      const text = readFileSync(join(folder, name), 'utf8');
      const whole = text.slice(0, text.lastIndexOf('\n') + 1);
      if (whole === '') continue;
      const decoded = await decodeContent(source, whole);
      if (decoded.problems.length > 0) throw new Error(`unreadable: ${JSON.stringify(decoded.problems[0])}`);
      all.push(...(decoded.events as unknown as EventRow[]));
    }
    return all;
  };
  return {
    lost,
    notes,
    events,
    async until(isWanted, act) {
      for (let tries = 0; tries < 150; tries++) {
        act?.();
        await sleep(100);
        const found = (await events()).find(isWanted);
        if (found !== undefined) return found;
      }
      throw new Error(`it was not seen; lost: ${lost.join(', ')}`);
    },
    async stop() {
      stop.abort();
      await ended;
    },
  };
}
