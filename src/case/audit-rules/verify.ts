import { hostname } from 'node:os';
import { messageOf } from '../../base/errors.ts';
import type { KernelAudit } from '../../collect/linux/audit/kernel-state.ts';
import { readKernelRule } from '../../collect/linux/audit/rules/kernel-rule.ts';
import { ruleMachine, type RuleMachine } from '../../collect/linux/audit/rules/machine.ts';
import { readRuleLines } from '../../collect/linux/audit/rules/parse.ts';
import { ruleText, type AuditRule } from '../../collect/linux/audit/rules/rule.ts';
import type { Inspection } from '../../inspect/claim.ts';
import type { FileTree } from '../../inspect/tree/tree.ts';
import { checkFiles, type PlacedLine } from './check-files.ts';
import { checkLoaded } from './check-loaded.ts';
import { claimOfFault, titles, type RuleFault } from './fault.ts';
import type { ProbeAnswer } from './probe.ts';

export interface VerifyOptions {
  /** `/`, or the root that the rules are for. */
  readonly tree: FileTree;
  /** As `uname -m` says. */
  readonly machine: string;
  /** Paths in the tree; the places where auditd has them when none is named. */
  readonly files: readonly string[];
  /** What the kernel has, or why it cannot be asked; undefined where the tree is not this machine. */
  readonly kernel?: KernelAudit | { readonly why: string };
  /** Touches what a rule watches. */
  readonly probe?: (rule: AuditRule) => ProbeAnswer;
}

/** What is wrong with the audit rules of a machine: in their files, in the kernel, and between the two. */
export function verifyAuditRules(options: VerifyOptions): Inspection {
  const { tree, kernel } = options;
  const read = (path: string): string => tree.read(path)?.toString('utf8') ?? '';
  const machine = ruleMachine(options.machine, { passwd: read('/etc/passwd'), group: read('/etc/group') });
  const notChecked: { readonly what: string; readonly why: string }[] = [];
  const lines = linesOf(options, machine);
  if (lines.length === 0) notChecked.push({ what: 'files of rules', why: 'there are none in /etc/audit; name them' });
  const faults: RuleFault[] = [...checkFiles(lines, tree, machine)];
  if (kernel === undefined) notChecked.push({ what: 'rules in the kernel', why: 'another machine is looked at' });
  else if ('why' in kernel) notChecked.push({ what: 'rules in the kernel', why: kernel.why });
  else {
    const loaded = kernel.rules.flatMap((bytes) => readKernelRule(bytes, machine) ?? []);
    faults.push(...checkLoaded(loaded, kernel.status, lines, tree));
    if (options.probe !== undefined) faults.push(...probed(loaded, options.probe, notChecked));
  }
  const host = tree.kind === 'live' ? hostname() : undefined;
  const claims = faults.map((fault) => claimOfFault(fault, host));
  const problems = tree.drainProblems().map(({ code, path, message }) => ({ code, at: { path }, message }));
  const ran = Object.keys(titles).map((check) => `audit-rules/${check}`);
  return { subject: tree.name, by: 'host audit-rules', claims, problems, notChecked, ran };
}

/** Files in the order in which augenrules(8) puts them together; without them what it has put together before. */
function linesOf({ tree, files }: VerifyOptions, machine: RuleMachine): PlacedLine[] {
  const parts = tree
    .list('/etc/audit/rules.d')
    .map(({ path }) => path)
    .filter((path) => path.endsWith('.rules'));
  const whole = parts.length > 0 ? parts : ['/etc/audit/audit.rules'];
  return (files.length > 0 ? files : whole).flatMap((path) => {
    const text = tree.read(path)?.toString('utf8') ?? '';
    return [...readRuleLines(text, machine)].map((line) => ({ ...line, path }));
  });
}

function* probed(
  loaded: readonly AuditRule[],
  probe: (rule: AuditRule) => ProbeAnswer,
  notChecked: { readonly what: string; readonly why: string }[],
): Generator<RuleFault> {
  for (const rule of loaded) {
    if (rule.watch === undefined || rule.action === 'never') continue;
    const what = ruleText(rule);
    let answer: ProbeAnswer;
    try {
      answer = probe(rule);
    } catch (error) {
      answer = { untried: messageOf(error) };
    }
    if (answer === 'fires') continue;
    if (answer !== 'silent') {
      notChecked.push({ what: `probe of ${what}`, why: answer.untried });
      continue;
    }
    const why =
      'was touched, and no record came: what it watches was replaced since it was loaded, or another rule hides it';
    yield {
      check: 'does-not-fire',
      severity: 'high',
      path: 'kernel',
      what,
      why,
      fix: 'Load the rules again, and probe once more.',
    };
  }
}
