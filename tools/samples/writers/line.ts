import type { Micros } from '../../../src/base/time.ts';
import type { StepId } from '../intrusion/steps.ts';

/** One line of a log and when its writer wrote it. */
export interface Line {
  readonly at: Micros;
  readonly text: string;
  /** Step of the intrusion that it tells of. */
  readonly step: StepId | undefined;
}

/** A log before it is cut into files. */
export interface LogFile {
  /** Below the folder of the evidence; `.gz` at the end means that it is compressed. */
  readonly path: string;
  readonly header: readonly string[];
  readonly lines: readonly Line[];
  readonly footer: readonly string[];
}

/** Lines in the order of writing; those of one time keep their order. */
export function inOrder(lines: readonly Line[]): Line[] {
  return [...lines].sort((a, b) => a.at - b.at);
}

/** The lines of each span of the day, which starts at `from`. */
export function spans(lines: readonly Line[], from: Micros, spanMicros: number, count: number): Line[][] {
  const parts = Array.from({ length: count }, (): Line[] => []);
  for (const line of lines) parts[Math.floor((line.at - from) / spanMicros)]?.push(line);
  return parts;
}
