import type { AuditStatus } from '../../collect/linux/audit/audit-socket.ts';
import { ruleText, sameRule, type AuditRule } from '../../collect/linux/audit/rules/rule.ts';
import type { FileTree } from '../../inspect/tree/tree.ts';
import type { PlacedLine } from './check-files.ts';
import type { RuleFault } from './fault.ts';

/** Where the path of a fault leads that is in no file. */
const kernel = 'kernel';

/** What the kernel has loaded, held against the files and against the folders that stand there now. */
export function* checkLoaded(
  loaded: readonly AuditRule[],
  status: AuditStatus,
  lines: readonly PlacedLine[],
  tree: FileTree,
): Generator<RuleFault> {
  yield* checkStatus(status);
  const inKernel = new Set(loaded.map(sameRule));
  const inFiles = new Set<string>();
  for (const { rule, path, line, text } of lines) {
    if (rule === undefined) continue;
    inFiles.add(sameRule(rule));
    if (inKernel.has(sameRule(rule))) continue;
    const why = 'stands in the file, and the kernel does not have it: refused, removed since, or never loaded';
    yield {
      check: 'not-loaded',
      severity: 'medium',
      path,
      line,
      what: text,
      why,
      fix: 'Load the rules: augenrules --load, or auditctl -R FILE.',
    };
  }
  for (const rule of loaded) {
    const text = ruleText(rule);
    if (lines.length > 0 && !inFiles.has(sameRule(rule))) {
      const severity = rule.action === 'never' ? 'medium' : 'info';
      const why = 'is loaded, and stands in no file: it is gone after the next start, and nobody knows why it is there';
      yield {
        check: 'not-in-files',
        severity,
        path: kernel,
        what: text,
        why,
        fix: 'Write it into a file, or remove it with auditctl -d.',
      };
    }
    if (rule.watch?.kind === 'path' && tree.lstat(rule.watch.path)?.type === 'directory') {
      const why = 'was loaded before the folder was there: of what happens below it only its own entries are seen';
      yield { check: 'not-recursive', severity: 'medium', path: kernel, what: text, why, fix: 'Load the rules again.' };
    }
  }
}

function* checkStatus({ isEnabled, lost, backlogLimit, rateLimit }: AuditStatus): Generator<RuleFault> {
  if (!isEnabled) {
    const why = 'nothing is recorded, whatever the rules say';
    yield { check: 'switched-off', severity: 'high', path: kernel, what: 'enabled 0', why, fix: 'auditctl -e 1' };
  }
  if (lost > 0) {
    const fix = 'Make the backlog longer (-b), or the rules narrower; auditctl --reset-lost counts anew.';
    yield {
      check: 'lost',
      severity: 'medium',
      path: kernel,
      what: `lost ${lost}`,
      why: 'so many records were dropped since the start of the machine',
      fix,
    };
  }
  if (backlogLimit < 1024) {
    yield {
      check: 'bounds',
      severity: 'low',
      path: kernel,
      what: `backlog_limit ${backlogLimit}`,
      why: 'more records at once are lost',
      fix: 'auditctl -b 8192',
    };
  }
  if (rateLimit > 0) {
    yield {
      check: 'bounds',
      severity: 'medium',
      path: kernel,
      what: `rate_limit ${rateLimit}`,
      why: 'more records a second are dropped',
      fix: 'auditctl -r 0',
    };
  }
}
