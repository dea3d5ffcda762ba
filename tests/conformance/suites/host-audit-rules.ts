import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { readKernelRule } from '../../../src/collect/linux/audit/rules/kernel-rule.ts';
import { ruleMachine } from '../../../src/collect/linux/audit/rules/machine.ts';
import { readRuleLines, type RuleLine } from '../../../src/collect/linux/audit/rules/parse.ts';
import { sameRule, type AuditRule } from '../../../src/collect/linux/audit/rules/rule.ts';
import type { Suite, SuiteFailure, SuiteResult } from '../suite.ts';

/**
 * Rules of the kernel's audit as others compiled and listed them. `*.rules.golden.yml`: the bytes that the kernel is given for a line;
 * both must be the same rule. `*.rules.auditctl-l.txt`: what auditctl took of a file, and the lines that it refused for what
 * they say (not for what is missing on that machine, nor for calls that its tables are too old for).
 */
export const suite: Suite = {
  id: 'host/audit-rules',
  run: (corpus) => Promise.resolve(result([...goldenCases(corpus), ...listedCases(corpus)])),
};

const machine = ruleMachine('x86_64', { passwd: 'root:x:0:0\n', group: 'root:x:0:\n' });

interface Case {
  readonly name: string;
  readonly got: string;
  readonly want: string;
}

function result(cases: readonly Case[]): SuiteResult {
  const failed: SuiteFailure[] = cases
    .filter(({ got, want }) => got !== want)
    .map(({ name, got, want }) => ({ case: name, got, want }));
  return { total: cases.length, passed: cases.length - failed.length, skipped: 0, failed };
}

function* goldenCases(corpus: string): Generator<Case> {
  for (const path of globSync('host/auditd/**/*.rules.golden.yml', { cwd: corpus }).sort()) {
    const golden = parse(readFileSync(join(corpus, path), 'utf8')) as {
      readonly rules?: readonly { readonly flags: string; readonly bytes: Uint8Array }[];
    };
    for (const { flags, bytes } of golden.rules ?? []) {
      const [line] = readRuleLines(flags, machine);
      const kernel = readKernelRule(Buffer.from(bytes), machine);
      yield { name: `${path} ${flags}`, got: told(line), want: kernel === undefined ? 'no rule' : whole(kernel) };
    }
  }
}

function* listedCases(corpus: string): Generator<Case> {
  for (const path of globSync('host/audit-rules/**/*.auditctl-l.txt', { cwd: corpus }).sort()) {
    const lines = [...readRuleLines(readFileSync(join(corpus, path.replace('.auditctl-l.txt', '')), 'utf8'), machine)];
    const ours = new Set(lines.map(told));
    const [listed = '', messages = ''] = readFileSync(join(corpus, path), 'utf8').split('# messages:');
    for (const line of readRuleLines(listed, machine)) {
      yield {
        name: `${path}:${line.line}`,
        got: ours.has(told(line)) ? told(line) : 'not among the rules',
        want: told(line),
      };
    }
    // In their order: the numbers of their lines are those of a file without some of its lines.
    const whys = refusals(messages);
    const faults = lines.flatMap(({ line, fault }) => (fault === undefined ? [] : [`line ${line} is refused`]));
    for (let index = 0; index < Math.max(whys.length, faults.length); index++) {
      const [got = 'taken', why] = [faults[index], whys[index]];
      yield { name: `${path} refuses: ${why}`, got, want: why === undefined ? 'taken' : (faults[index] ?? 'refused') };
    }
  }
}

function refusals(messages: string): string[] {
  const texts = messages.split('\n');
  const whys = texts.flatMap((text, index) => (text.startsWith('There was an error') ? [texts[index - 1] ?? ''] : []));
  return whys.filter((why) => !/No such file|Syscall name unknown/.test(why));
}

function told(line: RuleLine | undefined): string {
  return line?.rule === undefined ? (line?.fault ?? line?.text ?? 'nothing') : whole(line.rule);
}

function whole(rule: AuditRule): string {
  return `${sameRule(rule)} ${rule.keys.join(' ')}`;
}
