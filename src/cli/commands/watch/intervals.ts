import type { WatchOptions } from '../../../case/watch/watch.ts';
import { secondsOf } from './seconds.ts';

export interface IntervalOptions {
  readonly lookEvery: string;
  readonly judgeEvery: string;
  readonly repeatWindow: string;
}

export function intervalsOf(options: IntervalOptions): Pick<WatchOptions, 'lookMs' | 'judgeMs' | 'repeatMs'> {
  return {
    lookMs: secondsOf(options.lookEvery, '--look-every'),
    judgeMs: secondsOf(options.judgeEvery, '--judge-every'),
    repeatMs: secondsOf(options.repeatWindow, '--repeat-window'),
  };
}
