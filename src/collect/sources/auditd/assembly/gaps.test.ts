import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readRecord, type AuditRecord } from '../records/record.ts';
import { GapTracker } from './gaps.ts';

function first(serial: number, seconds: number, prefix = '', type = 'SYSCALL'): AuditRecord {
  const line = `${prefix}type=${type} msg=audit(${seconds}.000:${serial}): a0=1`;
  const bytes = Buffer.from(line, 'latin1');
  const record = readRecord({ bytes, text: line }, 0, bytes.length, 1, 0);
  if (typeof record === 'string') throw new Error(record);
  return record;
}

function lost(serials: readonly number[], seconds = (index: number): number => 100 + index): number {
  const gaps = new GapTracker();
  serials.forEach((serial, index) => {
    gaps.see(first(serial, seconds(index)));
  });
  return gaps.loss.events;
}

const still = (): number => 100;

describe('gaps in the numbering', () => {
  it('are counted', () => {
    expect([lost([]), lost([5]), lost([5, 6, 7]), lost([5, 9]), lost([5, 7, 9])]).toEqual([0, 0, 0, 3, 2]);
  });

  it('close when the records only come late', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([1, 2, 3, 4, 5, 6, 7, 8], { minLength: 8 }), (serials) => {
        const lowest = serials[0] ?? 1;
        // What comes before the first record that was seen is not known to be missing.
        expect(
          lost(
            serials.filter((serial) => serial >= lowest),
            still,
          ),
        ).toBe(0);
      }),
    );
  });

  it('go on over the wrap at 2^32', () => {
    expect(lost([4_294_967_294, 4_294_967_295, 0, 1])).toBe(0);
    expect(lost([4_294_967_294, 2])).toBe(3);
  });

  it('are none when the machine was restarted, or another log begins', () => {
    expect(lost([90_000, 1, 2], (index) => 100 + index * 600)).toBe(0);
    expect(lost([5, 90_000], (index) => 10_000 - index * 5000)).toBe(0);
  });

  it('are looked for in each machine by itself, and not in the numbering of the daemon', () => {
    const gaps = new GapTracker();
    for (const record of [
      first(1, 100, 'node=a '),
      first(900, 100, 'node=b '),
      first(2, 100, 'node=a '),
      first(7000, 100, 'node=a ', 'DAEMON_ROTATE'),
    ]) {
      gaps.see(record);
    }
    expect(gaps.loss.events).toBe(0);
  });

  it('are reported once, with their number and between which times', () => {
    const gaps = new GapTracker();
    [10, 13, 14, 20].forEach((serial, index) => {
      gaps.see(first(serial, 100 + index));
    });
    expect(gaps.report({ line: 9 })).toMatchObject({
      code: 'events-lost',
      at: { line: 9 },
      count: 7,
      message:
        '7 serial numbers are missing in 2 gaps, the largest of 5, between 1970-01-01T00:01:40.000000Z and 1970-01-01T00:01:43.000000Z',
    });
    expect(gaps.report({ line: 9 })).toBeUndefined();
  });

  it('are followed for a bounded number of machines', () => {
    const gaps = new GapTracker();
    for (let index = 0; index < 2000; index++) gaps.see(first(index, 100, `node=n${index} `));
    expect(gaps.nodes.size).toBeLessThanOrEqual(256);
  });
});
