import { normalPath, type FileTree } from '../../inspect/tree/tree.ts';
import type { RuleMachine } from '../../collect/linux/audit/rules/machine.ts';
import type { RuleLine } from '../../collect/linux/audit/rules/parse.ts';
import { ruleText, sameRule, type AuditRule } from '../../collect/linux/audit/rules/rule.ts';
import type { RuleFault } from './fault.ts';

/** A line with the file that it stands in. */
export interface PlacedLine extends RuleLine {
  readonly path: string;
}

/** Least records that may wait without being lost when many programs start at once. */
const smallBacklog = 8192;

/** What is wrong with rules as they stand in files, in the order in which they are loaded. */
export function* checkFiles(lines: readonly PlacedLine[], tree: FileTree, machine: RuleMachine): Generator<RuleFault> {
  yield* checkSettings(lines);
  let goesOn = false;
  let isStopped = false;
  const earlier: AuditRule[] = [];
  for (const placed of lines) {
    const { rule, control, fault, text, path, line } = placed;
    if (control?.option === '-i' || control?.option === '-c') goesOn = true;
    const refused = fault ?? (rule === undefined ? undefined : placeFault(rule, tree));
    const at = { path, line, what: text };
    if (refused !== undefined) {
      yield {
        ...at,
        check: 'refused-line',
        severity: 'medium',
        why: `is not loaded: ${refused}`,
        fix: 'Correct the line, or remove it.',
      };
      if (!goesOn && !isStopped) {
        isStopped = true;
        const fix = 'Begin the rules with -i (or -c), so that one error does not leave out the rest.';
        yield {
          ...at,
          check: 'stops-loading',
          severity: 'high',
          why: 'ends the loading: no rule after it is loaded',
          fix,
        };
      }
    } else if (rule !== undefined) {
      for (const found of [...checkRule(rule, tree), ...checkOrder(rule, earlier)]) yield { ...at, ...found };
    }
    if (rule !== undefined) earlier.push(rule);
  }
  yield* checkArchitectures(lines, machine);
}

type Found = Pick<RuleFault, 'check' | 'severity' | 'why' | 'fix'>;

/** What the kernel asks of a path when the rule is loaded: a folder for `dir`, a parent for any other. */
function placeFault({ watch }: AuditRule, tree: FileTree): string | undefined {
  if (watch === undefined) return undefined;
  if (watch.kind === 'dir') return tree.lstat(watch.path) === undefined ? `there is no ${watch.path}` : undefined;
  const parent = normalPath(`${watch.path}/..`);
  return tree.stat(parent) === undefined ? `there is no folder ${parent}` : undefined;
}

function* checkRule(rule: AuditRule, tree: FileTree): Generator<Found> {
  const { watch, keys, action, list } = rule;
  if (
    action === 'never' &&
    (list === 'task' ||
      (list === 'exit' && rule.calls === 'all' && rule.conditions.length === 0 && watch === undefined))
  ) {
    yield { check: 'all-off', severity: 'high', why: 'keeps every program out of the audit', fix: 'Remove the rule.' };
  }
  if (action === 'always' && keys.length === 0 && list !== 'exclude') {
    yield {
      check: 'no-key',
      severity: 'low',
      why: 'has no key: its records cannot be told from others',
      fix: 'Add -k NAME.',
    };
  }
  if (watch === undefined) return;
  if (/[*?[]/.test(watch.path)) {
    yield {
      check: 'wildcard',
      severity: 'medium',
      why: 'is taken as it is written: the kernel knows no wildcards',
      fix: 'Name each path, or their folder.',
    };
  }
  const entry = tree.lstat(watch.path);
  if (entry?.type === 'symlink') {
    const target = tree.stat(watch.path)?.path ?? entry.target ?? '';
    yield {
      check: 'symbolic-link',
      severity: 'medium',
      why: `watches the link, and nothing that happens to ${target}`,
      fix: `Watch ${target} as well.`,
    };
  } else if (entry === undefined && watch.kind !== 'dir') {
    const why = `is for a path that is not there: if a folder is made there, nothing below it will be seen but its own entries`;
    yield {
      check: 'missing-path',
      severity: 'low',
      why,
      fix: 'Load the rules again when the path is there, or remove the rule.',
    };
  }
}

/** The first rule that fits an event decides: one that says never hides what comes after it. */
function* checkOrder(rule: AuditRule, earlier: readonly AuditRule[]): Generator<Found> {
  const same = earlier.find((other) => sameRule(other) === sameRule(rule));
  if (same !== undefined) {
    yield {
      check: 'duplicate',
      severity: 'info',
      why: 'stands there before already: the kernel refuses the second',
      fix: 'Remove one of them.',
    };
    return;
  }
  const hiding = earlier.find(
    (other) => other.action === 'never' && rule.action === 'always' && isCovered(rule, other),
  );
  if (hiding === undefined) return;
  yield {
    check: 'shadowed',
    severity: 'medium',
    why: `never fires: ${ruleText(hiding)} stands before it and takes all that it could see`,
    fix: 'Put it before the rule that hides it, or narrow that one.',
  };
}

/** Whether everything that `rule` asks for meets `other` too. */
function isCovered(rule: AuditRule, other: AuditRule): boolean {
  if (rule.list !== other.list || (other.arch !== undefined && other.arch !== rule.arch)) return false;
  const hasCalls =
    other.calls === 'all' || (rule.calls !== 'all' && rule.calls.every((call) => other.calls.includes(call)));
  const hasPlace = other.watch === undefined || (rule.watch !== undefined && isBelow(rule.watch.path, other.watch));
  const hasPermissions = rule.permissions.split('').every((letter) => other.permissions.includes(letter));
  return hasCalls && hasPlace && hasPermissions && other.conditions.every((one) => rule.conditions.includes(one));
}

function isBelow(path: string, { kind, path: folder }: NonNullable<AuditRule['watch']>): boolean {
  return path === folder || (kind !== 'path' && path.startsWith(folder === '/' ? '/' : `${folder}/`));
}

/** A program of the other width calls the same by another number: 32-bit programs go unseen. */
function* checkArchitectures(lines: readonly PlacedLine[], machine: RuleMachine): Generator<RuleFault> {
  if (!machine.has32) return;
  const rules = lines.flatMap((line) => (line.rule === undefined ? [] : [{ ...line, rule: line.rule }]));
  const seen = new Set(rules.map(({ rule }) => `${rule.arch} ${withoutArch(rule, machine)}`));
  for (const { rule, path, line, text } of rules) {
    if (rule.action !== 'always' || rule.calls === 'all') continue;
    const base = { check: 'no-architecture', severity: 'low', path, line, what: text } as const;
    if (rule.arch === undefined) {
      const why = 'names calls without -F arch: their numbers are those of 64-bit programs, and others in 32-bit ones';
      yield { ...base, why, fix: 'Write it twice, with -F arch=b64 and with -F arch=b32.' };
      continue;
    }
    const other = rule.arch === 'b64' ? 'b32' : 'b64';
    const has = rule.calls.some((call) => machine.callNumber(other, call) !== undefined);
    if (!has || seen.has(`${other} ${withoutArch(rule, machine)}`)) continue;
    yield { ...base, why: `has no twin with -F arch=${other}`, fix: `Add the same rule with -F arch=${other}.` };
  }
}

/** Calls that one of the two does not have make no difference. */
function withoutArch(rule: AuditRule, machine: RuleMachine): string {
  const calls =
    rule.calls === 'all'
      ? 'all'
      : rule.calls.filter((call) => ['b64', 'b32'].every((arch) => machine.callNumber(arch, call) !== undefined));
  return sameRule({ ...rule, arch: undefined, calls });
}

function* checkSettings(lines: readonly PlacedLine[]): Generator<RuleFault> {
  for (const { control, path, line, text } of lines) {
    if (control === undefined) continue;
    const base = { path, line, what: text };
    const value = Number(control.value);
    if (control.option === '-b' && value < smallBacklog) {
      const why = `lets ${value} records wait: more at once are lost`;
      yield { ...base, check: 'bounds', severity: 'low', why, fix: `-b ${smallBacklog} or more.` };
    }
    if (control.option === '-r' && value > 0) {
      yield {
        ...base,
        check: 'bounds',
        severity: 'medium',
        why: `drops all beyond ${value} records a second`,
        fix: '-r 0.',
      };
    }
    if (control.option === '-e' && value === 0) {
      yield { ...base, check: 'switched-off', severity: 'high', why: 'switches the audit off', fix: 'Remove it.' };
    }
    if (
      control.option === '-e' &&
      value === 2 &&
      lines.some((other) => other.rule !== undefined && isAfter(other, { path, line }, lines))
    ) {
      const why = 'locks the configuration before the last rule: what comes after it is refused';
      yield { ...base, check: 'stops-loading', severity: 'high', why, fix: 'Put it at the end of the last file.' };
    }
  }
}

function isAfter(
  one: PlacedLine,
  other: { readonly path: string; readonly line: number },
  lines: readonly PlacedLine[],
): boolean {
  const place = lines.findIndex(({ path, line }) => path === other.path && line === other.line);
  return lines.indexOf(one) > place;
}
