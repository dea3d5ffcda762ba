import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { silentLogger } from '../../../src/base/logger.ts';
import { sources } from '../../../src/collect/sources/registry.generated.ts';
import { language } from '../../../src/detect/rules/falco/index.ts';
import type { Rule, RuleSet } from '../../../src/detect/rules/rule-language.ts';
import type { EventRow } from '../../../src/events/event.ts';
import { eventFormat } from '../../../src/match/event-format.ts';
import { FieldObserver } from '../../../src/match/field-observer.ts';
import type { Suite, SuiteFailure, SuiteResult, SuiteSkip } from '../suite.ts';
import { eventOfOpen, readTrueOpens, type TrueOpen } from './falco-cases/ground-truth.ts';

/**
 * A recorded attack, step by step, in the log of auditd: each rule that must speak in a step is a case. Those that need a
 * field of which the log tells nothing are left out, each with those fields. Where a rule is silent, a second recording of
 * the same run says whether the log left out what it speaks of.
 */
interface Expected {
  readonly must: Readonly<Record<string, readonly string[]>>;
}
interface Step {
  readonly step: string;
  readonly start: bigint;
}
interface Alert {
  readonly rule: string;
  readonly time: bigint;
}

/** Clocks of the log are coarse: 4 ms. */
const clockNanos = 4_000_000n;

function readSteps(file: string): Step[] {
  // Numbers past 2^53 would lose their last digits as JSON numbers.
  const text = readFileSync(file, 'utf8').replaceAll(/("start_ns":\s*)(\d+)/g, '$1"$2"');
  const steps = JSON.parse(text) as readonly { step: string; start_ns: string }[];
  return steps.map(({ step, start_ns: start }) => ({ step, start: BigInt(start) - clockNanos }));
}

function loadOfficial(corpus: string): RuleSet[] {
  const files = globSync('*.yaml', { cwd: join(corpus, 'falco/rules') }).sort();
  return files.map((name) => {
    const path = join(corpus, 'falco/rules', name);
    return language.load([{ path, text: readFileSync(path, 'utf8') }], {
      options: ['rule_matching=all', 'enable.rule=*'],
    });
  });
}

async function alertsOf(log: string, sets: readonly RuleSet[], observer: FieldObserver<EventRow>): Promise<Alert[]> {
  const runners = sets.flatMap((set) => set.runner(eventFormat) ?? []);
  const alerts: Alert[] = [];
  const context = { name: basename(log), start: { byte: 0, line: 0 }, growing: false, logger: silentLogger };
  for await (const { events } of sources.auditd.decode(once(gunzipSync(readFileSync(log))), context)) {
    for (const event of events) {
      observer.see(event as unknown as EventRow);
      for (const runner of runners) {
        for (const { rule, time } of runner.judge(event as unknown as EventRow)) alerts.push({ rule: rule.id, time });
      }
    }
  }
  return alerts;
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(bytes);
}

async function runScenario(corpus: string, log: string): Promise<SuiteResult> {
  const stem = log.replace(/\.audit\.log\.gz$/, '');
  const { must } = JSON.parse(readFileSync(`${stem}.expected_alerts.json`, 'utf8')) as Expected;
  const steps = readSteps(`${stem}.steps.json`);
  const sets = loadOfficial(corpus);
  const rules = new Map<string, Rule>(sets.flatMap((set) => set.rules.map((rule) => [rule.id, rule])));
  const observer = new FieldObserver(eventFormat);
  for (const rule of rules.values()) rule.missing(observer.probe);
  const alerts = await alertsOf(log, sets, observer);
  const opens = readTrueOpens(`${stem}.events.ndjson.gz`);
  const failed: SuiteFailure[] = [];
  const skips: SuiteSkip[] = [];
  let total = 0;
  for (const [index, { step, start }] of steps.entries()) {
    const end = steps[index + 1]?.start;
    const spoken = alerts.filter(({ time }) => time >= start && (end === undefined || time < end));
    for (const name of must[step] ?? []) {
      total++;
      if (spoken.some(({ rule }) => rule === name)) continue;
      const missing = rules.get(name)?.missing(observer.observed) ?? [];
      const place = `${step}: ${name}`;
      if (missing.length > 0) {
        const fields = new Set(missing.map(({ field }) => field));
        skips.push({ case: place, why: `no record of the log tells ${[...fields].join(', ')}` });
      } else {
        const within = opens.filter(({ nanos }) => nanos >= start && (end === undefined || nanos < end));
        failed.push({ case: place, got: 'silence', want: 'an alert', why: whySilent(name, within, { sets, log }) });
      }
    }
  }
  return { total, passed: total - skips.length - failed.length, skipped: skips.length, failed, skips };
}

interface Heard {
  readonly sets: readonly RuleSet[];
  readonly log: string;
}

/** Names the open that would have set the rule off, where the log has no record of it. */
function whySilent(rule: string, opens: readonly TrueOpen[], { sets, log }: Heard): string | undefined {
  const runners = sets.flatMap((set) => set.runner(eventFormat) ?? []);
  const told = gunzipSync(readFileSync(log)).toString('latin1').split('\n');
  const untold = opens.find((open) => {
    const speaks = runners.some((runner) => runner.judge(eventOfOpen(open)).some((match) => match.rule.id === rule));
    return speaks && !told.some((line) => isRecordOf(line, open));
  });
  if (untold === undefined) return undefined;
  return `the log has no record of ${untold.program} opening ${untold.path}, which another recorder saw`;
}

/** Whether a line of the log names the path of the open at its time. */
function isRecordOf(line: string, { nanos, path }: TrueOpen): boolean {
  const [, seconds = '0', millis = '0'] = /msg=audit\((\d+)\.(\d+):/.exec(line) ?? [];
  const at = BigInt(seconds) * 1_000_000_000n + BigInt(millis) * 1_000_000n;
  return at >= nanos - 2n * clockNanos && at <= nanos + 2n * clockNanos && line.includes(`name="${path}"`);
}

export const suite: Suite = {
  id: 'falco/live',
  async run(corpus): Promise<SuiteResult> {
    const logs = globSync('falco/live/*.audit.log.gz', { cwd: corpus }).map((name) => join(corpus, name));
    const results: SuiteResult[] = [];
    for (const log of logs) results.push(await runScenario(corpus, log));
    const sum = (key: 'total' | 'passed' | 'skipped'): number => results.reduce((all, result) => all + result[key], 0);
    return {
      total: sum('total'),
      passed: sum('passed'),
      skipped: sum('skipped'),
      failed: results.flatMap((result) => result.failed),
      skips: results.flatMap(({ skips = [] }) => skips),
    };
  },
};
