import recordTypes from '../../data/audit-record-types.json' with { type: 'json' };
import {
  allPermissions,
  comparisons,
  fieldAliases,
  fieldNumbers,
  groupFields,
  textFields,
  unsetId,
  userFields,
} from './fields.ts';
import type { RuleMachine } from './machine.ts';
import type { AuditRule } from './rule.ts';

/** A line of a file of rules. */
export interface RuleLine {
  /** Counted from 1. */
  readonly line: number;
  readonly text: string;
  readonly rule?: AuditRule;
  /** `-b 8192`: letter and value of what sets the audit as a whole. */
  readonly control?: { readonly option: string; readonly value: string };
  /** Why auditctl or the kernel does not take it. */
  readonly fault?: string;
}

const maxLines = 100_000;
const maxLineChars = 8192;
const controls = new Set([
  '-b',
  '-f',
  '-r',
  '-e',
  '-D',
  '-i',
  '-c',
  '--backlog_wait_time',
  '--loginuid-immutable',
  '--reset-lost',
]);

/** Reads rules in the syntax of auditctl(8), as `/etc/audit/rules.d` and `auditctl -l` have them. A line that is wrong says why. */
export function* readRuleLines(text: string, machine: RuleMachine): Generator<RuleLine> {
  for (const [index, whole] of text.split('\n', maxLines).entries()) {
    const line = index + 1;
    const trimmed = whole.trim();
    if (trimmed === '' || trimmed.startsWith('#') || trimmed === 'No rules') continue;
    const at = { line, text: trimmed.slice(0, maxLineChars) };
    if (trimmed.length > maxLineChars) yield { ...at, fault: `longer than ${maxLineChars} characters` };
    else yield { ...at, ...readLine(trimmed, machine) };
  }
}

function readLine(text: string, machine: RuleMachine): Pick<RuleLine, 'rule' | 'control' | 'fault'> {
  const words = text.split(/\s+/);
  const [first = ''] = words;
  if (controls.has(first)) return { control: { option: first, value: words[1] ?? '' } };
  const draft = new Draft(machine);
  try {
    for (let at = 0; at < words.length; at += 2) draft.take(words[at] ?? '', words[at + 1]);
    return { rule: draft.finish() };
  } catch (error) {
    if (error instanceof RuleFault) return { fault: error.message };
    throw error;
  }
}

class RuleFault extends Error {
  override readonly name = 'RuleFault';
}

/** A rule while its words are read. */
class Draft {
  readonly #machine: RuleMachine;
  #list: string | undefined;
  #action: 'always' | 'never' = 'always';
  #arch: string | undefined;
  readonly #calls: string[] = [];
  #isAllCalls = false;
  readonly #conditions: string[] = [];
  #watch: AuditRule['watch'];
  #permissions: string | undefined;
  readonly #keys: string[] = [];

  constructor(machine: RuleMachine) {
    this.#machine = machine;
  }

  take(option: string, value: string | undefined): void {
    if (value === undefined) throw new RuleFault(`${option} has no value`);
    if (option === '-a' || option === '-A') this.#add(value);
    else if (option === '-w') this.#watchPath(value);
    else if (option === '-S') this.#call(value);
    else if (option === '-F') this.#field(value);
    else if (option === '-C') this.#compare(value);
    else if (option === '-p') this.#permissions = permissionsOf(value);
    else if (option === '-k') this.#key(value);
    else throw new RuleFault(`there is no option ${option}`);
  }

  #add(value: string): void {
    const words = value.split(',');
    const action = words.find((word) => word === 'always' || word === 'never');
    const list = words.find((word) => ['exit', 'user', 'task', 'exclude', 'filesystem', 'io_uring'].includes(word));
    if (words.length !== 2 || action === undefined || list === undefined) {
      throw new RuleFault(`"${value}" is no list and action, such as always,exit`);
    }
    this.#list = list;
    this.#action = action as 'always' | 'never';
  }

  #watchPath(path: string): void {
    if (!path.startsWith('/')) throw new RuleFault('a watched path begins with a slash');
    if (path.length > 4095) throw new RuleFault('the path is longer than 4095 characters');
    this.#list ??= 'exit';
    this.#watch = { kind: 'either', path: cleanPath(path) };
  }

  #call(value: string): void {
    if (value === 'all') {
      this.#isAllCalls = true;
      return;
    }
    for (const name of value.split(',')) {
      const isKnown = /^\d+$/.test(name) || this.#machine.callNumber(this.#arch, name) !== undefined;
      if (!isKnown) {
        throw new RuleFault(
          `this machine has no system call ${name}${this.#arch === undefined ? '' : ` for ${this.#arch}`}`,
        );
      }
      this.#calls.push(/^\d+$/.test(name) ? (this.#machine.callName(this.#arch, Number(name)) ?? name) : name);
    }
  }

  #field(text: string): void {
    const parts = /^(?<name>[a-z_0-9]+)(?<op>!=|>=|<=|&=|=|<|>|&)(?<value>.*)$/.exec(text)?.groups;
    if (parts === undefined) throw new RuleFault(`"${text}" is no field, operator and value`);
    const { op = '', value = '' } = parts;
    const name = fieldAliases[parts['name'] ?? ''] ?? parts['name'] ?? '';
    if (fieldNumbers[name] === undefined) throw new RuleFault(`there is no field ${name}`);
    if (value === '') throw new RuleFault(`${name} has no value`);
    if (name === 'arch') this.#architecture(op, value);
    else if (name === 'path' || name === 'dir') this.#place(name, op, value);
    else if (name === 'perm') {
      if (op !== '=') throw new RuleFault('perm takes = only');
      this.#permissions = permissionsOf(value);
    } else if (name === 'key') this.#key(value);
    else this.#conditions.push(`${name}${op}${this.#valueOf(name, op, value)}`);
  }

  #architecture(op: string, value: string): void {
    if (op !== '=' && op !== '!=') throw new RuleFault('arch takes = and != only');
    if (this.#calls.length > 0) throw new RuleFault('arch must stand before -S');
    const arch = this.#machine.archOf(/^(?:0x)?[0-9a-f]{8}$/i.test(value) ? Number.parseInt(value, 16) : value);
    if (arch === undefined) throw new RuleFault(`this machine has no architecture ${value}`);
    if (op === '!=') this.#conditions.push(`arch!=${arch}`);
    else this.#arch = arch;
  }

  #place(kind: 'path' | 'dir', op: string, value: string): void {
    if (op !== '=' || !value.startsWith('/')) throw new RuleFault(`${kind} takes = and an absolute path`);
    if (this.#watch !== undefined) throw new RuleFault('a rule has one path only');
    this.#watch = { kind, path: cleanPath(value) };
  }

  #compare(text: string): void {
    const parts = /^(?<left>[a-z_]+)(?<op>!?=)(?<right>[a-z_]+)$/.exec(text)?.groups;
    const [left = '', right = ''] = [parts?.['left'], parts?.['right']];
    const pair = comparisons.find((known) => known === `${left} ${right}` || known === `${right} ${left}`);
    if (parts === undefined || pair === undefined) throw new RuleFault(`"${text}" are no fields that can be compared`);
    this.#conditions.push(`compare ${pair.replace(' ', parts['op'] ?? '=')}`);
  }

  #key(value: string): void {
    if (value.length > 256) throw new RuleFault('the key is longer than 256 characters');
    this.#keys.push(...value.split('\u0001'));
  }

  #valueOf(name: string, op: string, value: string): string {
    if (textFields.has(name)) {
      if (op !== '=' && op !== '!=') throw new RuleFault(`${name} takes = and != only`);
      return value;
    }
    if (name === 'filetype') {
      const types = ['file', 'dir', 'socket', 'link', 'character', 'block', 'fifo'];
      if (types.includes(value)) return value;
      throw new RuleFault(`there is no type of file ${value}`);
    }
    const number = this.#numberOf(name, value);
    if (number === undefined) throw new RuleFault(`${name} has no value ${value} on this machine`);
    return String(number);
  }

  #numberOf(name: string, value: string): number | undefined {
    if (value === 'unset' || value === '-1') return name === 'exit' ? -1 : unsetId;
    if (/^-?(?:0x[0-9a-f]+|\d+)$/i.test(value)) {
      const size = value.replace('-', '');
      const number = /^0[0-7]+$/.test(size) ? Number.parseInt(size, 8) : Number(size);
      return value.startsWith('-') ? -number : number;
    }
    if (userFields.has(name)) return this.#machine.userId(value);
    if (groupFields.has(name)) return this.#machine.groupId(value);
    if (name === 'success') return { yes: 1, no: 0 }[value];
    if (name === 'exit') return signed(value, (error) => this.#machine.errorNumber(error));
    if (name === 'msgtype') return recordNumbers.get(value);
    return name === 'saddr_fam' ? { inet: 2, inet6: 10, local: 1, unix: 1, netlink: 16, packet: 17 }[value] : undefined;
  }

  finish(): AuditRule {
    if (this.#list === undefined) throw new RuleFault('it has neither -a nor -w');
    const hasWhat =
      this.#watch !== undefined || this.#calls.length > 0 || this.#isAllCalls || this.#conditions.length > 0;
    if (this.#keys.length > 0 && !hasWhat) {
      throw new RuleFault('a key needs a watch, a system call or a field before it');
    }
    return {
      list: this.#list,
      action: this.#action,
      arch: this.#arch,
      calls: this.#calls.length === 0 ? 'all' : [...new Set(this.#calls)].sort(),
      conditions: this.#conditions.sort(),
      watch: this.#watch,
      permissions: this.#permissions ?? allPermissions,
      keys: this.#keys,
    };
  }
}

const recordNumbers: ReadonlyMap<string, number> = new Map(
  Object.entries(recordTypes as Readonly<Record<string, string>>).map(([number, name]) => [name, Number(number)]),
);

function signed(value: string, numberOf: (name: string) => number | undefined): number | undefined {
  const number = numberOf(value.replace(/^-/, ''));
  return number === undefined || !value.startsWith('-') ? number : -number;
}

function permissionsOf(value: string): string {
  if (!/^[rwxa]{1,8}$/.test(value)) throw new RuleFault('permissions are of r, w, x and a');
  return allPermissions
    .split('')
    .filter((letter) => value.includes(letter))
    .join('');
}

function cleanPath(path: string): string {
  return path.length > 1 ? path.replace(/\/+$/, '') : path;
}
