import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ruleMachine, type RuleMachine } from '../../collect/linux/audit/rules/machine.ts';
import { readRuleLines } from '../../collect/linux/audit/rules/parse.ts';
import { ruleText, type AuditRule } from '../../collect/linux/audit/rules/rule.ts';
import type { FileTree } from '../../inspect/tree/tree.ts';
import { engineWatches } from '../../inspect/image/checks/_shared/engine-watches.ts';
import type { Rule } from '../../detect/rules/rule-language.ts';
import { auditNeeds, type PathNeed } from './needs.ts';

/** Rules with bounds that keep frequent calls from flooding: how a call is asked for, where somebody thought about it. */
const shippedFile = fileURLToPath(new URL('../../../content/audit-rules/vakthund.rules', import.meta.url));

export interface GenerateOptions {
  readonly rules: readonly Rule[];
  /** The machine that they are for: paths that are not there are left out, and links followed. */
  readonly tree: FileTree;
  readonly machine: string;
}

/** Audit rules that record what the loaded detections look at and what the audit of container engines asks for, ready for auditctl -R. */
export function generateAuditRules({ rules, tree, machine: name }: GenerateOptions): string {
  const machine = ruleMachine(name, { passwd: '', group: '' });
  const needs = auditNeeds(rules);
  const out = new RuleWriter(tree, machine);
  out.say('Audit rules for the detections that are loaded and for container engines, made for this machine.');
  out.say('Load them with: auditctl -R FILE && auditctl -e 1. Make them again after an engine was installed.');
  out.raw('-D', '-i', '-b 16384', '-f 1');
  const shipped = [...readRuleLines(readFileSync(shippedFile, 'utf8'), machine)].flatMap(({ rule }) => rule ?? []);
  out.section('System calls');
  for (const [call, titles] of sorted(needs.calls)) out.call(call, titles, shipped);
  out.section('Files and folders that detections look at');
  for (const [path, need] of sorted(needs.paths)) out.path(path, need);
  out.section('Container engines');
  for (const { paths, what } of engineWatches) out.engine(paths, what);
  out.section('What inspections and analytics look at besides');
  for (const rule of shipped) out.shipped(rule);
  if (needs.unserved.length > 0) {
    out.section('Detections that the audit cannot serve: other sensors can');
    for (const { rule, why } of needs.unserved) out.say(`${rule}: ${why}`);
  }
  return out.text();
}

function sorted<V>(map: ReadonlyMap<string, V>): [string, V][] {
  return [...map].sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Lines in their order, none twice. */
class RuleWriter {
  readonly #tree: FileTree;
  readonly #machine: RuleMachine;
  readonly #lines: string[] = [];
  readonly #written = new Set<string>();

  constructor(tree: FileTree, machine: RuleMachine) {
    this.#tree = tree;
    this.#machine = machine;
  }

  text(): string {
    return `${this.#lines.join('\n')}\n`;
  }

  section(title: string): void {
    this.#lines.push('', `## ${title}`);
  }

  say(text: string): void {
    this.#lines.push(`# ${text.replaceAll(/\s+/g, ' ')}`);
  }

  raw(...lines: readonly string[]): void {
    for (const line of lines) {
      const isKnown = this.#isWritten(line);
      if (!isKnown) this.#lines.push(line);
    }
  }

  /** Another key makes no other rule: the kernel refuses the second. */
  #isWritten(line: string): boolean {
    const bare = line.replace(/ -k \S+$/, '');
    const isKnown = this.#written.has(bare);
    this.#written.add(bare);
    return isKnown;
  }

  /** A call for each architecture that has it, with the bounds of the shipped rules where they have some. */
  call(call: string, titles: readonly string[], shipped: readonly AuditRule[]): void {
    const known = shipped.filter(
      (rule) => rule.watch === undefined && rule.arch === 'b64' && rule.calls.includes(call),
    );
    const plain = {
      list: 'exit',
      action: 'always',
      arch: 'b64',
      calls: [call],
      conditions: [],
      watch: undefined,
      permissions: 'rwxa',
      keys: [call],
    } as const;
    const wanted: readonly AuditRule[] = known.length > 0 ? known : [plain];
    this.say(`${call}: ${told(titles)}`);
    for (const rule of wanted) this.raw(...this.#bothWidths(rule));
  }

  #bothWidths(rule: AuditRule): string[] {
    const arches = this.#machine.has32 ? ['b64', 'b32'] : ['b64'];
    return arches.flatMap((arch) => {
      const calls =
        rule.calls === 'all' ? [] : rule.calls.filter((call) => this.#machine.callNumber(arch, call) !== undefined);
      return calls.length === 0 ? [] : [ruleText({ ...rule, arch, calls })];
    });
  }

  path(path: string, { permissions, isPrefix, rules }: PathNeed): void {
    const paths = isPrefix ? this.#beginningWith(path) : [path];
    const found = paths.flatMap((one) => this.#real(one) ?? []);
    this.say(`${path}${isPrefix ? '…' : ''}: ${told(rules)}${found.length === 0 ? '; not there' : ''}`);
    const letters = ['r', 'wa'].filter((one) => permissions.has(one as 'r' | 'wa')).join('');
    for (const one of found) this.#place(one, letters, keyOf(path));
  }

  engine(paths: readonly string[], what: string): void {
    const found = [...new Set(paths.flatMap((path) => this.#real(path) ?? []))];
    this.say(`${what}${found.length === 0 ? `: not there (${paths.join(', ')})` : ''}`);
    for (const path of found) this.#place(path, 'wa', 'container-engine');
  }

  shipped(rule: AuditRule): void {
    if (rule.watch === undefined) {
      this.raw(...this.#bothWidths(rule));
      return;
    }
    const path = this.#real(rule.watch.path);
    if (path === undefined) return;
    if (rule.conditions.length === 0) this.#place(path, rule.permissions, rule.keys[0] ?? 'audit');
    else this.raw(ruleText({ ...rule, watch: { kind: rule.watch.kind, path } }));
  }

  /** Reads by people only: what services read all day would fill the disk. */
  #place(path: string, permissions: string, key: string): void {
    const kind = this.#tree.lstat(path)?.type === 'directory' ? 'dir' : 'path';
    const changes = permissions.replace('r', '');
    if (changes !== '') this.raw(`-w ${path} -p ${changes} -k ${key}`);
    if (!permissions.includes('r')) return;
    for (const arch of this.#machine.has32 ? ['b64', 'b32'] : ['b64']) {
      const base = { list: 'exit', action: 'always', calls: 'all', conditions: ['auid!=4294967295'] } as const;
      this.raw(ruleText({ ...base, arch, watch: { kind, path }, permissions: 'r', keys: [key] }));
    }
  }

  /** The path behind all links: a watch on a link sees nothing. Undefined when nothing is there. */
  #real(path: string): string | undefined {
    const entry = this.#tree.stat(path);
    return entry === undefined || /\s/.test(entry.path) ? undefined : entry.path;
  }

  #beginningWith(path: string): string[] {
    const folder = path.slice(0, path.lastIndexOf('/')) || '/';
    return this.#tree.list(folder).flatMap((entry) => (entry.path.startsWith(path) ? [entry.path] : []));
  }
}

const maxTitles = 4;

function told(titles: readonly string[]): string {
  const rest = titles.length - maxTitles;
  return `${titles.slice(0, maxTitles).join('; ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}

/** `etc-shadow` for `/etc/shadow`. */
function keyOf(path: string): string {
  return (
    path
      .replaceAll(/[^A-Za-z0-9]+/g, '-')
      .replace(/^-|-$/g, '')
      .slice(0, 31) || 'root'
  );
}
