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
import type { Suite, SuiteFailure, SuiteResult } from '../suite.ts';

/**
 * A recorded attack, step by step, in the log of auditd: each rule that must speak in a step is a case. Those that need a
 * field of which the log tells nothing are left out; the figures name those fields.
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
  const failed: SuiteFailure[] = [];
  const needed = new Set<string>();
  let [total, skipped] = [0, 0];
  for (const [index, { step, start }] of steps.entries()) {
    const end = steps[index + 1]?.start;
    const spoken = alerts.filter(({ time }) => time >= start && (end === undefined || time < end));
    for (const name of must[step] ?? []) {
      total++;
      if (spoken.some(({ rule }) => rule === name)) continue;
      const missing = rules.get(name)?.missing(observer.observed) ?? [];
      if (missing.length > 0) {
        skipped++;
        for (const { field } of missing) needed.add(field);
      } else failed.push({ case: `${step}: ${name}`, got: 'silence', want: 'an alert' });
    }
  }
  const figures = { 'fields that the log does not tell': [...needed].sort().join(' ') };
  return { total, passed: total - skipped - failed.length, skipped, failed, figures };
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
      figures: Object.assign({}, ...results.map((result) => result.figures)) as Record<string, string>,
    };
  },
};
