import { messageOf, VakthundError } from '../base/errors.ts';
import type { Logger } from '../base/logger.ts';
import { ProblemList, type Problem } from '../base/problem.ts';
import { readContent, readHead } from '../collect/open/content.ts';
import type { Leaf } from '../collect/open/leaf.ts';
import type { OpenLimits } from '../collect/open/limits.ts';
import { openFile } from '../collect/open/open-file.ts';
import { walkEvidence } from '../collect/open/walk.ts';
import { contentStart, type Source } from '../collect/source.ts';
import type { RuleLanguage, RuleMatch, RuleRunner, RuleSet } from '../detect/rules/rule-language.ts';
import type { EventRow } from '../events/event.ts';
import { eventFormat } from '../match/event-format.ts';
import type { RecordStream } from '../match/record-stream.ts';
import { findSource } from './find-source.ts';

const headBytes = 65_536;

export interface LoadedSet {
  readonly language: RuleLanguage;
  readonly set: RuleSet;
}

export interface RunRulesOptions {
  readonly limits: OpenLimits;
  /** Folder for members of archives; made and removed by the caller. */
  readonly spoolFolder: string;
  readonly logger: Logger;
  readonly signal: AbortSignal | undefined;
  onMatch(match: RuleMatch, path: string): void;
}

export interface RunRulesSummary {
  readonly matches: number;
  /** Contents that some rule could judge. */
  readonly judged: number;
  readonly problems: readonly Problem[];
}

/**
 * Runs rules over evidence as it streams, without a case: records of formats that rules are written for with all their
 * fields, everything else as our own events.
 */
export async function runRules(
  paths: readonly string[],
  sets: readonly LoadedSet[],
  options: RunRulesOptions,
): Promise<RunRulesSummary> {
  const problems: Problem[] = [];
  let matches = 0;
  let judged = 0;
  const onMatch = (match: RuleMatch, path: string): void => {
    matches++;
    options.onMatch(match, path);
  };
  for (const found of walkEvidence(paths)) {
    if ('problem' in found) {
      problems.push(found.problem);
      continue;
    }
    for await (const opened of openFile(found.file, options)) {
      options.signal?.throwIfAborted();
      if ('problem' in opened) {
        problems.push(opened.problem);
        continue;
      }
      const list = new ProblemList();
      try {
        if (await runLeaf(opened.leaf, sets, list, { ...options, onMatch })) judged++;
      } catch (error) {
        if (options.signal?.aborted === true || error instanceof VakthundError) throw error;
        list.add({ code: 'unreadable', at: {}, message: messageOf(error) });
      } finally {
        opened.leaf.dispose();
      }
      problems.push(...list.drain().map((problem) => at(opened.leaf, problem)));
    }
  }
  return { matches, judged, problems };
}

function at(leaf: Leaf, problem: Problem): Problem {
  return { ...problem, at: { path: leaf.path, ...problem.at } };
}

/** False when nothing of the content was for the rules. */
async function runLeaf(
  leaf: Leaf,
  sets: readonly LoadedSet[],
  problems: ProblemList,
  options: RunRulesOptions,
): Promise<boolean> {
  const open = (): AsyncIterable<Uint8Array> =>
    readContent(leaf.diskPath, leaf.compression, options.limits, (problem) => problems.add(problem));
  const head = await readHead(open(), headBytes);
  const stream = ownStream(leaf.path, head, sets);
  const source = stream === undefined ? findSource(leaf.path, head) : undefined;
  const emit = (match: RuleMatch): void => options.onMatch(match, leaf.path);
  const records = stream ?? source?.records;
  if (records !== undefined) {
    const runners = runnersOf(sets, (set) => set.runner(records));
    const show = (record: unknown): void => judge(runners, record, emit);
    if (runners.length > 0) await records.read(open(), show, { name: leaf.path, problems });
    finish(runners, emit);
    if (runners.length > 0) return true;
  }
  if (source === undefined) {
    const hint = 'docs/reference/sources.md lists what is read';
    problems.add({ code: 'unknown-format', at: {}, message: 'no source recognises the content', hint });
    return false;
  }
  const runners = runnersOf(sets, (set) => set.runner(eventFormat));
  if (runners.length > 0) await runEvents(source, leaf, open(), runners, problems, options, emit);
  return runners.length > 0;
}

async function runEvents(
  source: Source,
  leaf: Leaf,
  content: AsyncIterable<Uint8Array>,
  runners: readonly RuleRunner<EventRow>[],
  problems: ProblemList,
  options: RunRulesOptions,
  emit: (match: RuleMatch) => void,
): Promise<void> {
  const context = { name: leaf.path, start: contentStart, growing: false, logger: options.logger };
  for await (const batch of source.decode(content, context)) {
    options.signal?.throwIfAborted();
    for (const event of batch.events) judge(runners, event as unknown as EventRow, emit);
    for (const problem of batch.problems) problems.add(problem);
  }
  finish(runners, emit);
}

/** A format that one of the languages brings itself. */
function ownStream(name: string, head: Uint8Array, sets: readonly LoadedSet[]): RecordStream | undefined {
  for (const { language } of sets) {
    const found = language.streams?.find((stream) => stream.detect(name, head) !== undefined);
    if (found !== undefined) return found.records;
  }
  return undefined;
}

function runnersOf<R>(
  sets: readonly LoadedSet[],
  make: (set: RuleSet) => RuleRunner<R> | undefined,
): readonly RuleRunner<R>[] {
  return sets.flatMap(({ set }) => make(set) ?? []);
}

function judge<R>(runners: readonly RuleRunner<R>[], record: R, emit: (match: RuleMatch) => void): void {
  for (const runner of runners) for (const match of runner.judge(record)) emit(match);
}

function finish<R>(runners: readonly RuleRunner<R>[], emit: (match: RuleMatch) => void): void {
  for (const runner of runners) for (const match of runner.end()) emit(match);
}
