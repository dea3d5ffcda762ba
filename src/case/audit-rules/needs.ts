import type { Condition, Glob, Subject } from '../../match/condition/condition.ts';
import type { AskedEvents, Rule } from '../../detect/rules/rule-language.ts';

/** What loaded rules look at, in the terms of the audit. */
export interface AuditNeeds {
  /** System calls, each with the rules that want it. */
  readonly calls: ReadonlyMap<string, readonly string[]>;
  /** Paths that are read or changed, each with the rules that want it. */
  readonly paths: ReadonlyMap<string, PathNeed>;
  /** Rules that the audit cannot serve, with the reason. */
  readonly unserved: readonly { readonly rule: string; readonly why: string }[];
}

export interface PathNeed {
  /** `r` and `wa`. */
  readonly permissions: ReadonlySet<'r' | 'wa'>;
  /** The path is only how names begin: `/etc/cron`. */
  readonly isPrefix: boolean;
  readonly rules: readonly string[];
}

/** Fields of Falco and columns of ours that hold a path. */
const pathFields = new Set([
  'fd.name',
  'fs.path.name',
  'fs.path.target',
  'fs.path.source',
  'evt.arg.path',
  'evt.arg.name',
  'file_path',
  'file_target_path',
]);
/** Calls that a watch sees better than a rule for all of them would. */
const watchedCalls = new Set(
  (
    'open openat openat2 creat read write readv writev pread pwrite close unlink unlinkat rename renameat renameat2 link linkat ' +
    'symlink symlinkat chmod fchmod fchmodat fchmodat2 chown lchown fchown fchownat truncate ftruncate mkdir mkdirat rmdir'
  ).split(' '),
);
const changingCalls = /^(?:creat|unlink|rename|link|symlink|f?chmod|[lf]?chown|f?truncate|mkdir|rmdir)/;
/** Calls that make a symbolic link, and fields of where it leads: a watch on that place sees nothing of them. */
const linkingCalls = new Set(['symlink', 'symlinkat']);
const linkTargetFields = new Set(['evt.arg.target', 'fs.path.source']);
/** Calls that stand behind a kind of our events. */
const callsOfKind: Readonly<Record<string, readonly string[]>> = {
  process: ['execve', 'execveat'],
  socket: ['connect'],
  kernel_module: ['init_module', 'finit_module', 'delete_module'],
};
/** Everything stands below these: a watch on them would record all that happens. */
const tooBroad = /^\/(?:(?:proc|sys|dev|tmp|run|home|var|usr|etc)\/?)?$/;

/** What rules need to be recorded. Tests under `not` ask for nothing; a path that is only tested by its end cannot be watched. */
export function auditNeeds(rules: readonly Rule[]): AuditNeeds {
  const calls = new Map<string, string[]>();
  const paths = new Map<string, { permissions: Set<'r' | 'wa'>; isPrefix: boolean; rules: string[] }>();
  const unserved: { rule: string; why: string }[] = [];
  for (const rule of rules) {
    for (const asked of rule.isEnabled ? (rule.asked?.() ?? []) : []) {
      const found = needsOf(asked);
      for (const call of found.calls) addTo(calls, call, rule.title);
      for (const { path, isPrefix } of found.paths) {
        const known = paths.get(path) ?? { permissions: new Set<'r' | 'wa'>(), isPrefix, rules: [] };
        for (const permission of found.permissions) known.permissions.add(permission);
        if (!known.rules.includes(rule.title)) known.rules.push(rule.title);
        paths.set(path, known);
      }
      const isOurs = asked.kind === undefined || asked.kind === 'file_access' || asked.kind in callsOfKind;
      if (isOurs && found.calls.size === 0 && found.paths.length === 0) {
        unserved.push({ rule: rule.title, why: 'it names no path that could be watched, and no rare system call' });
      }
    }
  }
  return { calls, paths, unserved };
}

function addTo(map: Map<string, string[]>, key: string, title: string): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [title]);
  else if (!list.includes(title)) list.push(title);
}

interface Found {
  readonly calls: Set<string>;
  readonly paths: { readonly path: string; readonly isPrefix: boolean }[];
  readonly permissions: Set<'r' | 'wa'>;
}

function needsOf({ kind, condition }: AskedEvents): Found {
  const found: Found = { calls: new Set(callsOfKind[kind ?? '']), paths: [], permissions: new Set() };
  const linking = new Set<string>();
  let asksWhereLinksLead = false;
  visit(condition, (field, values, isPrefix) => {
    if (linkTargetFields.has(field)) asksWhereLinksLead = true;
    if (field === 'evt.type' || field === 'syscall') {
      for (const call of values) {
        if (!watchedCalls.has(call)) found.calls.add(call);
        else if (changingCalls.test(call)) found.permissions.add('wa');
        if (linkingCalls.has(call)) linking.add(call);
      }
    } else if (field === 'evt.is_open_write') found.permissions.add('wa');
    else if (field === 'evt.is_open_read') found.permissions.add('r');
    else if (pathFields.has(field)) {
      for (const path of values) {
        if (isWatchable(path, isPrefix)) {
          found.paths.push({ path: trimmed(path), isPrefix: isPrefix && !path.endsWith('/') });
        }
      }
    }
  });
  if (asksWhereLinksLead) for (const call of linking) found.calls.add(call);
  if (found.permissions.size === 0) found.permissions.add(kind === undefined ? 'r' : 'wa');
  return found;
}

function isWatchable(path: string, isPrefix: boolean): boolean {
  return (
    /^\/[^\s*?[\]]+$/.test(path) && !/^\/(?:proc|sys|dev)(?:\/|$)/.test(path) && !(isPrefix && tooBroad.test(path))
  );
}

function trimmed(path: string): string {
  return path.replace(/\/+$/, '') || '/';
}

/** Shows each test of a field that has to be true, with its texts; `isPrefix` when the text is only how the value begins. */
function visit(node: Condition, see: (field: string, values: readonly string[], isPrefix: boolean) => void): void {
  if (node.kind === 'all' || node.kind === 'any' || node.kind === 'one') {
    for (const member of node.of) visit(member, see);
  } else if (node.kind === 'text' && (node.operator === 'equals' || node.operator === 'startsWith')) {
    for (const field of fieldsOf(node.subject)) see(field, node.values, node.operator === 'startsWith');
  } else if (node.kind === 'glob') {
    for (const field of fieldsOf(node.subject)) see(field, node.patterns.flatMap(beginning), true);
  } else if (node.kind === 'path') {
    for (const field of fieldsOf(node.subject)) see(field, node.prefixes.flatMap(prefixText), false);
  }
}

/** The folder that all that a pattern takes stands in, where it is deep enough to be watched. */
function beginning(pattern: Glob): string[] {
  const [first] = pattern;
  return typeof first === 'string' ? [pattern.length === 1 ? first : first.slice(0, first.lastIndexOf('/') + 1)] : [];
}

function prefixText(components: readonly Glob[]): string[] {
  const plain: string[] = [];
  for (const component of components) {
    const [only] = component;
    if (component.length !== 1 || typeof only !== 'string') break;
    plain.push(only);
  }
  return plain.length < 2 ? [] : [`/${plain.join('/')}`];
}

function fieldsOf(subject: Subject): string[] {
  if (subject.kind === 'field') return [subject.field.name];
  return subject.kind === 'transform' ? subject.of.flatMap(fieldsOf) : [];
}
