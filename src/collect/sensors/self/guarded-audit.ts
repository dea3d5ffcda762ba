import { machine } from 'node:os';
import { readKernelRule } from '../../linux/audit/rules/kernel-rule.ts';
import { ruleMachine, type RuleMachine } from '../../linux/audit/rules/machine.ts';
import { ruleText, type AuditRule } from '../../linux/audit/rules/rule.ts';
import type { Tampering } from './tampering.ts';

/** Rules of one look that are named. */
const maxNamed = 3;

/** What of the kernel's audit is looked at. */
export interface AuditGuardState {
  readonly isEnabled: boolean;
  /** `struct audit_rule_data` of each rule, in the order in which they are asked. */
  readonly rules: readonly Buffer[];
  /** Of auditd; 0 when nobody takes the records that are written to its log. */
  readonly daemonPid: number;
  /** Records a second; 0 for no bound. */
  readonly rateLimit: number;
  /** Records that may wait; 0 for no bound. */
  readonly backlogLimit: number;
}

/** The audit that feeds the watch: switched off, its daemon gone, rules taken away or hidden by others, or less let through than before. */
export class GuardedAudit {
  #before: AuditGuardState | undefined;
  #machine: RuleMachine | undefined;

  *look(now: AuditGuardState): Generator<Tampering> {
    const before = this.#before;
    this.#before = now;
    if (before === undefined) return;
    if (before.isEnabled && !now.isEnabled) {
      yield {
        rule: 'audit-off',
        title: 'Audit switched off',
        severity: 'high',
        message: 'the audit of the kernel was switched off while the watch ran',
      };
    }
    if (before.daemonPid !== 0 && now.daemonPid === 0) {
      const message = `auditd (process ${before.daemonPid}) is gone: its log does not grow any more`;
      yield { rule: 'auditd-gone', title: 'Audit daemon stopped', severity: 'medium', message };
    }
    yield* throttled(before, now);
    if (!areSame(before.rules, now.rules)) yield* this.#changedRules(before.rules, now.rules);
  }

  *#changedRules(before: readonly Buffer[], now: readonly Buffer[]): Generator<Tampering> {
    const gone = without(before, now);
    if (gone.length > 0) {
      const message = `of ${before.length} audit rules ${gone.length} were removed while the watch ran: ${this.#named(gone)}`;
      const severity = now.length === 0 ? 'high' : 'medium';
      yield { rule: 'audit-rules-removed', title: 'Audit rules removed', severity, message };
    }
    const hidden = this.#hiding(before);
    const hiding = this.#hiding(now).filter((text) => !hidden.includes(text));
    if (hiding.length === 0) return;
    const message = `audit rules were added while the watch ran that keep records back: ${listed(hiding)}`;
    yield { rule: 'audit-rules-hide', title: 'Audit rules that hide added', severity: 'high', message };
  }

  /** Rules by which others do not see: those that exclude types of records, and `never` before one of the same list that records. */
  #hiding(rules: readonly Buffer[]): string[] {
    const read = rules.map((bytes) => this.#read(bytes));
    const lastRecording = new Map<string, number>();
    for (const [at, rule] of read.entries()) if (rule?.action === 'always') lastRecording.set(rule.list, at);
    const hides = (rule: AuditRule, at: number): boolean =>
      rule.list === 'exclude' || (rule.action === 'never' && (lastRecording.get(rule.list) ?? -1) > at);
    return read.flatMap((rule, at) => (rule !== undefined && hides(rule, at) ? [ruleText(rule)] : []));
  }

  #named(rules: readonly Buffer[]): string {
    return listed(
      rules.map((bytes) => {
        const rule = this.#read(bytes);
        return rule === undefined ? 'one that cannot be read' : ruleText(rule);
      }),
    );
  }

  #read(bytes: Buffer): AuditRule | undefined {
    this.#machine ??= ruleMachine(machine(), { passwd: '', group: '' });
    return readKernelRule(bytes, this.#machine);
  }
}

/** Who lets fewer records through need not remove a rule. */
function* throttled(before: AuditGuardState, now: AuditGuardState): Generator<Tampering> {
  const isLess = (old: number, next: number): boolean => (next || Infinity) < (old || Infinity);
  const how: string[] = [];
  if (isLess(before.rateLimit, now.rateLimit)) how.push(`to ${now.rateLimit} records a second (auditctl -r)`);
  if (isLess(before.backlogLimit, now.backlogLimit)) {
    how.push(
      `to ${now.backlogLimit} records that may wait, after ${before.backlogLimit || 'any number'} (auditctl -b)`,
    );
  }
  if (how.length === 0) return;
  const message = `the audit of the kernel was throttled while the watch ran, ${how.join(' and ')}: it drops the rest`;
  yield { rule: 'audit-throttled', title: 'Audit throttled', severity: 'medium', message };
}

function areSame(before: readonly Buffer[], now: readonly Buffer[]): boolean {
  return before.length === now.length && before.every((rule, at) => rule.equals(now[at] as Buffer));
}

/** Rules of the first list that the second has not, each as often as it misses. */
function without(rules: readonly Buffer[], others: readonly Buffer[]): Buffer[] {
  const left = new Map<string, number>();
  for (const other of others) {
    const key = other.toString('latin1');
    left.set(key, (left.get(key) ?? 0) + 1);
  }
  return rules.filter((rule) => {
    const key = rule.toString('latin1');
    const count = left.get(key) ?? 0;
    left.set(key, count - 1);
    return count <= 0;
  });
}

function listed(texts: readonly string[]): string {
  const more = texts.length > maxNamed ? `, and ${texts.length - maxNamed} more` : '';
  return `${texts.slice(0, maxNamed).join(', ')}${more}`;
}
