import koffi from 'koffi';
import type { Micros } from '../../../base/time.ts';

const clockGetTime = koffi.load('libc.so.6').func('int clock_gettime(int, void *)');
const clockMonotonic = 1;
/** The wall clock may be set while a sensor runs. */
const compareEveryMs = 10_000;

/** Turns times of CLOCK_MONOTONIC, which the kernel puts on events, into times of day. */
export class MonotonicClock {
  readonly #timespec = new BigInt64Array(2);
  #offset = 0;
  #comparedAt = -Infinity;

  nowNs(): bigint {
    clockGetTime(clockMonotonic, this.#timespec);
    const [seconds = 0n, nanoseconds = 0n] = this.#timespec;
    return seconds * 1_000_000_000n + nanoseconds;
  }

  micros(monotonicNs: bigint): Micros {
    const now = performance.now();
    if (now - this.#comparedAt > compareEveryMs) {
      this.#comparedAt = now;
      this.#offset = Date.now() * 1000 - Number(this.nowNs() / 1000n);
    }
    return Number(monotonicNs / 1000n) + this.#offset;
  }
}
