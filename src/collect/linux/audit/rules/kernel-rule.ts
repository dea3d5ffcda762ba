import {
  allPermissions,
  comparisons,
  compareField,
  fieldNames,
  filterLists,
  operators,
  permissionText,
  textFields,
} from './fields.ts';
import type { RuleMachine } from './machine.ts';
import type { AuditRule } from './rule.ts';

/** `struct audit_rule_data` of `linux/audit.h`: flags, action, count, a mask of calls, and 64 fields with values and operators. */
const maskAt = 12;
const maskWords = 64;
const maxFields = 64;
const fieldsAt = maskAt + maskWords * 4;
const valuesAt = fieldsAt + maxFields * 4;
const operatorsAt = valuesAt + maxFields * 4;
const bufferLengthAt = operatorsAt + maxFields * 4;
const bufferAt = bufferLengthAt + 4;
const prepend = 0x10;
const always = 2;

/** A rule as the kernel lists it; undefined when the bytes are none. */
export function readKernelRule(bytes: Buffer, machine: RuleMachine): AuditRule | undefined {
  if (bytes.length < bufferAt) return undefined;
  const count = Math.min(bytes.readUInt32LE(8), maxFields);
  const texts = new Texts(bytes.subarray(bufferAt));
  const rule = {
    list: filterLists[bytes.readUInt32LE(0) & ~prepend] ?? `list ${bytes.readUInt32LE(0)}`,
    action: bytes.readUInt32LE(4) === always ? ('always' as const) : ('never' as const),
    arch: undefined as string | undefined,
    conditions: [] as string[],
    watch: undefined as AuditRule['watch'],
    permissions: allPermissions,
    keys: [] as string[],
  };
  for (let index = 0; index < count; index++) {
    const number = bytes.readUInt32LE(fieldsAt + index * 4);
    const value = bytes.readUInt32LE(valuesAt + index * 4);
    const operator = operators[bytes.readUInt32LE(operatorsAt + index * 4)] ?? '?';
    const name = fieldNames.get(number) ?? `field${number}`;
    const text = textFields.has(name) ? texts.next(value) : undefined;
    if (number === compareField) {
      rule.conditions.push(`compare ${(comparisons[value] ?? '? ?').replace(' ', operator)}`);
    } else if (name === 'arch' && operator === '=') rule.arch = archText(value, machine);
    else if (name === 'perm') rule.permissions = permissionText(value);
    else if (name === 'path' || name === 'dir') rule.watch = { kind: name, path: withoutEnd(text ?? '') };
    else if (name === 'key') rule.keys.push(...(text ?? '').split('\u0001'));
    else rule.conditions.push(`${name}${operator}${text ?? valueText(name, value, machine)}`);
  }
  return { ...rule, calls: callsIn(bytes, rule, machine), conditions: rule.conditions.sort() };
}

/** Texts follow each other in the order of their fields. */
class Texts {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  next(length: number): string {
    const text = this.#bytes.toString('utf8', this.#at, Math.min(this.#at + length, this.#bytes.length));
    this.#at += length;
    return text;
  }
}

const fileTypes: Readonly<Record<number, string>> = {
  0o100000: 'file',
  0o040000: 'dir',
  0o140000: 'socket',
  0o120000: 'link',
  0o020000: 'character',
  0o060000: 'block',
  0o010000: 'fifo',
};

function archText(value: number, machine: RuleMachine): string {
  return machine.archOf(value) ?? value.toString(16);
}

function valueText(name: string, value: number, machine: RuleMachine): string {
  if (name === 'arch') return archText(value, machine);
  if (name === 'exit') return String(value | 0);
  return name === 'filetype' ? (fileTypes[value] ?? String(value)) : String(value);
}

function callsIn(
  bytes: Buffer,
  { arch, list }: { arch: string | undefined; list: string },
  machine: RuleMachine,
): AuditRule['calls'] {
  if (list === 'user' || list === 'exclude' || list === 'task' || list === 'filesystem') return 'all';
  const calls: string[] = [];
  let isAll = true;
  for (let number = 0; number < maskWords * 32; number++) {
    const isSet = (bytes.readUInt32LE(maskAt + (number >> 5) * 4) & (1 << (number & 31))) !== 0;
    if (isSet) calls.push(machine.callName(arch, number) ?? String(number));
    // The last words are of classes of calls, and never set by names.
    else if (number < (maskWords - 2) * 32) isAll = false;
  }
  return isAll ? 'all' : calls.sort();
}

function withoutEnd(path: string): string {
  return path.length > 1 ? path.replace(/\/+$/, '') : path;
}
