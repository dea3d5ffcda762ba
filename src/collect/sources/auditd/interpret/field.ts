import type { Fields } from '../records/fields.ts';
import { isQuoted, looksHex } from '../records/fields.ts';
import { key, KeySet, type Key } from '../records/keys.ts';
import { hexBytes, integerAt, isHexText, text, textAt, unsetId } from '../records/values.ts';
import { argumentsOf, meaningOfArgument } from './call-arguments.ts';
import { errorName, errorText, signalName } from '../../../linux/names.ts';
import { capabilityNames, flagsIn, netfilterFamily } from '../../../linux/constants.ts';
import { openFlagNames } from '../../../linux/flags.ts';
import { modeNames } from '../../../linux/mode.ts';
import { readSocketAddress, socketAddressText } from './socket-address.ts';
import { architectureName, syscallName } from '../../../linux/syscalls.ts';

/** Names of users and groups by id, from the machine that wrote the log; undefined where it is not known. */
export interface NameSource {
  user(id: number): string | undefined;
  group(id: number): string | undefined;
}
const noNames: NameSource = { user: () => undefined, group: () => undefined };

const userIds = new KeySet('uid auid euid suid fsuid ouid oauid iuid old-auid sauid obj_uid inode_uid id');
const groupIds = new KeySet('gid egid sgid fsgid ogid igid new_gid obj_gid inode_gid');
const capabilities = new KeySet(
  'cap_pi cap_pp cap_pe cap_pa cap_fp cap_fi fp fi pp pi pe pa old_pp old_pi old_pe old_pa new_pp new_pi new_pe',
);
const syscallType = key('SYSCALL');
const archKey = key('arch');

/** How the value of a field is read, where that follows from its name alone. */
type Reader = (raw: string, fields: Fields, index: number) => string | undefined;

const readers: ReadonlyMap<Key, Reader> = new Map(
  Object.entries<Reader>({
    arch: architectureName,
    syscall: (raw, fields) => syscallName(text(fields, archKey) ?? '', Number(raw)),
    exit: exitText,
    mode: (raw) => modeNames(raw),
    oflag: (raw) => (isOctal(raw) ? openFlagNames(Number(BigInt(`0o${raw}`) & 0xffff_ffffn)) : undefined),
    resolve: (raw) => flagsIn('resolve', Number(raw)) || undefined,
    sig: (raw) => signalName(Number(raw)),
    ses: (raw) => (isUnset(Number(raw)) ? 'unset' : undefined),
    res: (raw) => resultNames[raw],
    list: (raw) => filterLists[Number(raw)],
    family: (raw) => netfilterFamily(Number(raw)),
    flags: (raw, fields) => (fields.type === mmapType ? flagsIn('map', Number(raw)) || undefined : undefined),
    code: (raw) => seccompActions[raw],
    saddr: (_raw, fields, index) => addressText(fields, index),
    seperms: (raw) => raw.replaceAll(' ', ','),
    proctitle: (_raw, fields, index) => textAt(fields, index).replaceAll('\0', ' '),
  }).map(([name, reader]) => [key(name), reader]),
);
const mmapType = key('MMAP');

const resultNames: Readonly<Record<string, string>> = { '0': 'no', '1': 'yes' };
/** AUDIT_FILTER_ numbers of linux/audit.h. */
const filterLists = ['user', 'task', 'entry', 'watch', 'exit', 'exclude', 'filesystem', 'io_uring'];
/** SECCOMP_RET_ actions of linux/seccomp.h. */
const seccompActions: Readonly<Record<string, string>> = {
  '0x80000000': 'kill_process',
  '0x0': 'kill_thread',
  '0x30000': 'trap',
  '0x50000': 'errno',
  '0x7fc00000': 'user_notif',
  '0x7ff00000': 'trace',
  '0x7ffc0000': 'log',
  '0x7fff0000': 'allow',
};

/**
 * The value of a field as `ausearch -i` shows it: numbers by their names, hexadecimal as text. `call` is the name of the
 * event's system call, which says what a0 to a3 are. What has no other meaning is given as it stands.
 */
export function interpretField(fields: Fields, index: number, call: string, names: NameSource = noNames): string {
  const raw = fields.rawAt(index);
  const name = fields.keys[index] ?? fields.type;
  if (((fields.marks[index] ?? 0) & isQuoted) !== 0) return textAt(fields, index);
  if (userIds.has(name) || groupIds.has(name)) return idText(fields, index, name, names);
  if (capabilities.has(name)) return capabilityNames(raw) ?? raw;
  if (fields.type === syscallType && isArgument(name)) return argumentText(fields, index, call, names);
  const reader = readers.get(name);
  if (reader !== undefined) return reader(raw, fields, index) ?? raw;
  return isHexText(fields, index) ? textAt(fields, index) : raw;
}

/** The name that auditd resolved when it wrote the record goes before what the caller knows. */
function idText(fields: Fields, index: number, name: Key, names: NameSource): string {
  const enriched = text(fields, key(name.name.toUpperCase()));
  if (enriched !== null) return enriched;
  const value = integerAt(fields, index);
  if (value === null) return fields.rawAt(index);
  if (isUnset(value)) return 'unset';
  const known = groupIds.has(name) ? names.group(value) : names.user(value);
  return known ?? (names === noNames ? String(value) : `unknown(${value})`);
}

function isUnset(value: number): boolean {
  return value === unsetId || value === -1;
}

function isArgument(name: Key): boolean {
  return name.bytes.length === 2 && /^a[0-3]$/.test(name.name);
}

function argumentText(fields: Fields, index: number, call: string, names: NameSource): string {
  const position = Number(fields.keys[index]?.name.slice(1));
  const argument = argumentsOf(call).find((other) => other.index === position);
  const meaning = argument === undefined ? undefined : meaningOfArgument(fields, argument);
  if (argument?.reading === 'uid') return names.user(Number(meaning)) ?? meaning ?? '';
  return meaning ?? `0x${fields.rawAt(index)}`;
}

function exitText(raw: string): string | undefined {
  const value = Number(raw);
  const name = value < 0 ? errorName(-value) : undefined;
  return name === undefined ? undefined : `${name}(${errorText(-value) ?? ''})`;
}

function isOctal(raw: string): boolean {
  return /^[0-7]{1,22}$/.test(raw);
}

function addressText(fields: Fields, index: number): string | undefined {
  if (((fields.marks[index] ?? 0) & looksHex) === 0) return undefined;
  const address = readSocketAddress(hexBytes(fields, index));
  return address === undefined ? undefined : socketAddressText(address);
}
