import { ProblemList, type Problem } from '../../../../src/base/problem.ts';
import type { RecordStream } from '../../../../src/match/record-stream.ts';
import type { RuleMatch, RuleSet } from '../../../../src/detect/rules/rule-language.ts';
import type { Expectation } from './read.ts';

/** A match with its lines, taken while the record was there. */
export interface Detection {
  readonly rule: string;
  readonly text: string;
  readonly json: string;
}

export interface RunOutcome {
  readonly detections: readonly Detection[];
  readonly problems: readonly Problem[];
}

/** Runs rules over a capture, as `falco -e` does. */
export async function runRules(set: RuleSet, stream: RecordStream, capture: Uint8Array): Promise<RunOutcome> {
  const problems = new ProblemList();
  const detections: Detection[] = [];
  const keep = (match: RuleMatch): void => {
    detections.push({ rule: match.rule.id, text: match.text, json: match.json });
  };
  const runner = set.runner(stream);
  const show = (record: unknown): void => runner?.judge(record).forEach(keep);
  await stream.read(once(capture), show, { name: 'capture', problems });
  runner?.end().forEach(keep);
  return { detections, problems: problems.drain() };
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(bytes);
}

type Wrong = { readonly got: string; readonly want: string } | undefined;

/** The first thing in which a run differs from what is expected. */
export function runDifference({ detections }: RunOutcome, expect: Expectation): Wrong {
  const counts = new Map<string, number>();
  for (const { rule } of detections) counts.set(rule, (counts.get(rule) ?? 0) + 1);
  if (expect.detections !== undefined && !fits(detections.length, expect.detections)) {
    return { got: `${detections.length} detections`, want: `${expect.detections} detections` };
  }
  for (const [rule, want] of Object.entries(expect.detections_by_rule ?? {})) {
    const got = counts.get(rule) ?? 0;
    if (!fits(got, want)) return { got: `${rule}: ${got}`, want: `${rule}: ${want}` };
  }
  for (const [priority, want] of Object.entries(expect.detections_by_priority ?? {})) {
    const got = detections.filter(({ json }) => priorityOf(json).startsWith(priority.toLowerCase())).length;
    if (!fits(got, want)) return { got: `${priority}: ${got}`, want: `${priority}: ${want}` };
  }
  return (
    linesDifference(
      detections.map(({ text }) => text),
      expect.exact_output_text,
    ) ??
    linesDifference(
      detections.map(({ json }) => json),
      expect.exact_output_json,
    )
  );
}

function fits(got: number, want: number | string): boolean {
  return want === '>0' ? got > 0 : got === Number(want);
}

function priorityOf(json: string): string {
  return (JSON.parse(json) as { readonly priority: string }).priority.toLowerCase();
}

function linesDifference(got: readonly string[], wanted: string | undefined): Wrong {
  const want = wanted?.trimEnd().split('\n') ?? [];
  if (wanted !== undefined && got.length !== want.length) {
    return { got: `${got.length} lines`, want: `${want.length} lines` };
  }
  const index = want.findIndex((line, at) => got[at] !== line);
  return index < 0 ? undefined : { got: got[index] ?? '', want: want[index] ?? '' };
}
