/** One measured figure: the median of its runs. */
export interface BenchResult {
  readonly id: string;
  readonly value: number;
  /** Of `value`: `MB/s`, `rows/s`, `s`. */
  readonly unit: string;
  /** Whom we were measured against in the same run, and its value divided into ours. */
  readonly peer?: string;
  readonly ratio?: number;
  /** CPU seconds, user and system, of one run. */
  readonly cpu_s: number;
  readonly peak_bytes?: number;
  /** How many runs the median is of: at least 3. */
  readonly runs: number;
}

/** Each file of this folder that exports one as `bench` is found by `npm run bench`. Inputs are fixed; peers take turns with us. */
export interface Bench {
  readonly id: string;
  run(): Promise<readonly BenchResult[]>;
}

/** Middle value; mean of the two middle ones for an even count. NaN for an empty list. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** CPU seconds, user and system, that this process spends in `work`, workers and native threads included. */
export async function cpuSeconds(work: () => Promise<void> | void): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const spent = process.cpuUsage(before);
  return (spent.user + spent.system) / 1e6;
}
