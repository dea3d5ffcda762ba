import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silentLogger } from '../base/logger.ts';
import { defaultOpenLimits } from '../collect/open/limits.ts';
import { languages } from '../detect/rules/registry.generated.ts';
import type { RuleLanguage } from '../detect/rules/rule-language.ts';
import { shippedRules } from '../detect/rules/shipped.ts';
import { checkAgainst } from './check-against.ts';
import { everySource } from './every-source.ts';
import { runRules, type LoadedSet } from './run-rules.ts';
import { testRuleFile } from './test-rules.ts';

const folder = mkdtempSync(join(tmpdir(), 'vakthund-rules-test-'));
const options = { limits: defaultOpenLimits, spoolFolder: folder, logger: silentLogger, signal: undefined };
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function falco(text: string, ...more: readonly string[]): LoadedSet {
  const language = languages.falco;
  return { language, set: language.load([{ path: 'rules.yaml', text }], { options: ['sources=k8s_audit', ...more] }) };
}

const rule = (name: string, condition: string, source: string, output: string): string =>
  `- rule: ${name}\n  desc: d\n  condition: ${condition}\n  output: ${output}\n  priority: ERROR\n  source: ${source}\n`;
const rules = [
  rule('made', 'ka.verb=create', 'k8s_audit', 'made by %ka.user.name'),
  rule('impersonated', 'ka.impuser.name exists', 'k8s_audit', 'as %ka.impuser.name'),
  rule('shell', 'evt.type=execve and proc.name=bash', 'syscall', 'shell %proc.cmdline'),
].join('');

beforeAll(() => {
  const audit = { auditID: '1', stage: 'ResponseComplete', verb: 'create', user: { username: 'alice' } };
  writeFileSync(
    join(folder, 'audit.json.gz'),
    gzipSync(`${JSON.stringify(audit)}\n${JSON.stringify({ ...audit, verb: 'get' })}\n`),
  );
  writeFileSync(join(folder, 'odd.bin'), Buffer.from([0, 1, 2, 3]));
});

describe('rules over evidence without a case', () => {
  it('judge what they are for, and tell what nobody reads', async () => {
    const lines: string[] = [];
    const summary = await runRules([folder], [falco(rules)], {
      ...options,
      onMatch: (match, path) => lines.push(`${path.slice(folder.length)} ${match.rule.id} ${match.text}`),
    });
    expect(lines).toEqual([expect.stringMatching(/^\/audit\.json\.gz made .*: Error made by alice$/) as string]);
    expect(summary).toMatchObject({ matches: 1, judged: 1, problems: [{ code: 'unknown-format' }] });
  });

  it('count on from one file to the next', async () => {
    const parts = join(folder, 'parts');
    mkdirSync(parts);
    for (const [at, name] of ['audit.log.2', 'audit.log.3'].entries()) {
      const user = `node=web type=USER_LOGIN msg=audit(1700000000.${at}:7): pid=9 uid=0 auid=0 ses=1 msg='op=login acct="eve" exe="/usr/sbin/sshd" hostname=? addr=198.51.100.9 terminal=ssh res=failed'\n`;
      writeFileSync(join(parts, name), user);
    }
    const text = [
      'title: failed\nname: failed\nlogsource: {product: linux, service: auditd}\ndetection:\n  s: {type: USER_LOGIN}\n  condition: s\n',
      'title: guessing\ncorrelation:\n  type: event_count\n  rules: [failed]\n  timespan: 5m\n  condition: {gte: 2}\n',
    ].join('---\n');
    const set = languages.sigma.load([{ path: 'r.yml', text }]);
    const lines: string[] = [];
    const summary = await runRules([parts], [{ language: languages.sigma, set }], {
      ...options,
      onMatch: (match, path) => lines.push(`${path.slice(parts.length)} ${match.rule.title}`),
    });
    expect(lines).toEqual(['/audit.log.3 guessing']);
    expect(summary).toMatchObject({ matches: 1, judged: 2, problems: [] });
    rmSync(parts, { recursive: true });
  });

  it('tell which of them can never fire there', async () => {
    const { rules: reach } = await checkAgainst([join(folder, 'audit.json.gz')], [falco(rules)], options);
    expect(
      reach.map(({ rule: one, canFire, missing }) => [one.id, canFire, missing.map(({ field }) => field)]),
    ).toEqual([
      ['made', true, []],
      ['impersonated', false, ['ka.impuser.name']],
      ['shell', false, ['']],
    ]);
  });

  it('asks for all that a rule needs in one type of record', async () => {
    const exec =
      'node=web type=SYSCALL msg=audit(1700000000.1:7): arch=c000003e syscall=59 success=yes exit=0 pid=9 ppid=8 auid=0 uid=0 tty=pts0 comm="bash" exe="/usr/bin/bash"';
    const alert = {
      time: '2026-01-01T00:00:00Z',
      rule: 'r',
      priority: 'Notice',
      output: 'o',
      output_fields: { 'container.id': 'abc' },
    };
    const mixed = join(folder, 'mixed');
    mkdirSync(mixed);
    writeFileSync(join(mixed, 'audit.log'), `${exec}\nnode=web type=EOE msg=audit(1700000000.1:7):\n`);
    writeFileSync(join(mixed, 'falco.json'), `${JSON.stringify(alert)}\n`);
    const inside = rule('inside', 'evt.type=execve and container.id=abc', 'syscall', 'o');
    const { rules: reach } = await checkAgainst([mixed], [falco(inside)], options);
    expect(reach.map(({ canFire, missing }) => [canFire, missing])).toEqual([
      [false, [{ field: 'container.id', why: 'none of the 1 records has a value for it' }]],
    ]);
    rmSync(mixed, { recursive: true });
  });
});

describe('cases beside a rule file', () => {
  const path = join(folder, 'rule.yaml');
  const write = (cases: unknown): void => {
    mkdirSync(join(folder, 'cases'), { recursive: true });
    writeFileSync(join(folder, 'cases/rule.json'), JSON.stringify(cases));
  };
  const bash = { kind: 'process', event_action: 'exec', process_name: 'bash' };

  it('must fire and be silent as they say', () => {
    write({ fires: [bash], silent: [{ ...bash, process_name: 'ls' }] });
    expect(testRuleFile(path, [falco(rules)])).toEqual({ path, hasCases: true, cases: 2, failures: [] });
    write({ fires: [{ ...bash, process_name: 'ls' }], silent: [bash] });
    expect(testRuleFile(path, [falco(rules)]).failures).toEqual([
      { path, case: 'fires[0]', got: 'no rule matched' },
      { path, case: 'silent[0]', got: 'shell' },
    ]);
  });

  it('may be several events, for what counts over time', () => {
    const text = [
      'title: shell\nname: shell\nlogsource: {product: linux, category: process_creation}\ndetection:\n  s: {CommandLine: sh}\n  condition: s\n',
      'title: twice\ncorrelation:\n  type: event_count\n  rules: [shell]\n  timespan: 5m\n  condition: {gte: 2}\n',
    ].join('---\n');
    const set = languages.sigma.load([{ path: 'r.yml', text }]);
    const shell = { ...bash, process_command_line: 'sh' };
    const later = { ...shell, time: '1970-01-01T00:06:00Z' };
    write({ fires: [[shell, shell]], silent: [shell, [shell, later]] });
    expect(testRuleFile(path, [{ language: languages.sigma, set }])).toMatchObject({ cases: 3, failures: [] });
  });

  it('hold all rules that are shipped', () => {
    for (const language of Object.values(languages) as readonly RuleLanguage[]) {
      for (const file of shippedRules(language.id)) {
        const set = language.load([file], { options: ['rule_matching=all', everySource] });
        expect(testRuleFile(file.path, [{ language, set }])).toMatchObject({ hasCases: true, failures: [] });
      }
    }
  }, 180_000);

  it('are told when they are missing or wrong', () => {
    expect(testRuleFile(join(folder, 'other.yaml'), []).hasCases).toBe(false);
    write({ fires: [{ kind: 'process', no_such: 1 }] });
    expect(() => testRuleFile(path, [falco(rules)])).toThrow('events of kind process have no column "no_such"');
    write({ fires: [{ process_name: 'x' }] });
    expect(() => testRuleFile(path, [falco(rules)])).toThrow('names no kind of event');
  });
});
