import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { GroupedLoss } from './grouped-loss.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('losses of a sensor', () => {
  it('are told at once, and then together with their sum', () => {
    const told: string[] = [];
    const stop = new AbortController();
    const loss = new GroupedLoss((count, message) => told.push(`${count} ${message}`), 60_000, stop.signal);
    for (let at = 1; at <= 5; at++) loss.add(at, `overran ${at}`);
    expect(told).toEqual(['1 overran 1']);
    vi.advanceTimersByTime(60_000);
    expect(told.slice(1)).toEqual(['14 overran 5; the last of 4 losses']);
    loss.add(7, 'overran 6');
    vi.advanceTimersByTime(60_000);
    expect(told.slice(2)).toEqual(['7 overran 6']);
    vi.advanceTimersByTime(120_000);
    loss.add(8, 'overran 7');
    loss.add(9, 'overran 8');
    stop.abort();
    expect(told.slice(3)).toEqual(['8 overran 7', '9 overran 8']);
  });
});
