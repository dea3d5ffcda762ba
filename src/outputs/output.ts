import type { Severity } from '../events/finding.ts';
import type { Report } from './report-schema.ts';

/** How a verdict is to be written. Formats for tools look at none of it. */
export interface OutputOptions {
  /** Columns of the terminal; bounded to 40 to 200. */
  readonly width: number;
  readonly color: boolean;
  /** Everything, instead of the most telling. */
  readonly showAll: boolean;
  /** Severity from which on the exit code is 1; absent when findings do not change it. */
  readonly failOn?: Severity;
}

/** A format that a verdict can be written in. Pure: no stream, no clock, no network. */
export interface Output<Id extends string = string> {
  readonly id: Id;
  readonly title: string;
  /** What it is for, and what it leaves out: the text of the reference page. */
  readonly description: string;
  readonly references: readonly string[];
  readonly mediaType: string;
  /** Ending of its files, without the dot: it can be written with `--ID FILE`. Absent for what only a terminal shows. */
  readonly extension?: string;
  /** Pieces of text in order, so that a large report is never one string. All of it comes out of evidence and may be hostile. */
  render(report: Report, options: OutputOptions): Iterable<string>;
}

export function defineOutput<const Id extends string>(output: Output<Id>): Output<Id> {
  return output;
}
