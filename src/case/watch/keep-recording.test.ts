import { describe, expect, it } from 'vitest';
import { defineSensor, type RecordContext } from '../../collect/sensor.ts';
import { keepRecording } from './keep-recording.ts';
import type { Notice } from './notice.ts';

/** A sensor that fails at its first runs, and what a watch tells of it. */
function failing(failures: number, { blind = 0 } = {}) {
  const stop = new AbortController();
  const calls: string[] = [];
  const told: string[] = [];
  let runs = 0;
  let looks = 0;
  const sensor = defineSensor({
    id: 'failing',
    title: 'Failing',
    description: '',
    references: [],
    guide: [],
    needs: '',
    source: 'vakthund-export',
    whyNot: async () => (looks++ < blind ? 'the engine is away' : undefined),
    catchUp: async () => void calls.push('catch up'),
    async record({ signal }) {
      calls.push('record');
      if (runs++ < failures) throw new Error(`failure ${runs}`);
      await new Promise<void>((done) => signal.addEventListener('abort', () => done()));
    },
  });
  const context: RecordContext = {
    folder: '/nowhere',
    signal: stop.signal,
    guarded: [],
    onLost: () => undefined,
    onNote: () => undefined,
    onContainerProcess: () => undefined,
    onContainer: () => undefined,
  };
  const onNotice = (notice: Notice): void => {
    if (notice.type !== 'sensor') return;
    told.push(`${notice.state}: ${notice.message}`);
    if (notice.state === 'started' && runs >= failures) setTimeout(() => stop.abort(), 5);
  };
  return { calls, told, end: keepRecording(sensor, context, { againMs: 1, isQuiet: false, onNotice }) };
}

describe('a sensor that stops while the watch runs', () => {
  it('is told and started again, with what came meanwhile, until it stays', async () => {
    const { calls, told, end } = failing(2);
    await end;
    expect(told).toEqual([
      'started: Failing',
      'stopped: failure 1; it is tried again in 1 s',
      'started: Failing, again',
      'stopped: failure 2; it is tried again in 1 s',
      'started: Failing, again',
    ]);
    expect(calls).toEqual(['record', 'catch up', 'record', 'catch up', 'record']);
  });

  it('is not started, and not told again, while it cannot run', async () => {
    const { calls, told, end } = failing(1, { blind: 3 });
    await end;
    expect(told).toEqual([
      'started: Failing',
      'stopped: failure 1; it is tried again in 1 s',
      'started: Failing, again',
    ]);
    expect(calls).toEqual(['record', 'catch up', 'record']);
  });
});
