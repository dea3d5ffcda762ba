import { signalName } from '../../../linux/names.ts';
import {
  bpfName,
  flagsIn,
  prctlName,
  protocolName,
  ptraceName,
  socketTypeName,
  type FlagTableName,
} from '../../../linux/constants.ts';
import { key, type Key } from '../records/keys.ts';
import type { Fields } from '../records/fields.ts';
import { lowBits } from '../records/values.ts';
import { openFlag, openFlagNames } from '../../../linux/flags.ts';
import { permissionText } from '../../../linux/mode.ts';
import { familyName } from './socket-address.ts';

/** How the value of a system call's argument is read. */
type Reading =
  | FlagTableName
  | 'directory'
  | 'open'
  | 'mode'
  | 'signal'
  | 'ptrace'
  | 'prctl'
  | 'bpf'
  | 'clone-call'
  | 'family'
  | 'socket-type'
  | 'protocol'
  | 'uid'
  | 'gid'
  | 'pid';

export interface CallArgument {
  /** Name of the argument in the manual page. */
  readonly key: Key;
  readonly index: number;
  readonly reading: Reading;
  /** Argument with the flags of an open; the call looks at this one only when it may create a file. */
  readonly ifCreating: number | undefined;
}

/** Arguments that are more than a pointer or a plain number, as `index:name:reading[:flags argument]`. */
const declared: Readonly<Record<string, string>> = {
  open: '1:flags:open 2:mode:mode:1',
  openat: '0:dirfd:directory 2:flags:open 3:mode:mode:2',
  openat2: '0:dirfd:directory',
  creat: '1:mode:mode',
  mkdir: '1:mode:mode',
  mkdirat: '0:dirfd:directory 2:mode:mode',
  mknod: '1:mode:mode',
  mknodat: '0:dirfd:directory 2:mode:mode',
  chmod: '1:mode:mode',
  fchmod: '1:mode:mode',
  fchmodat: '0:dirfd:directory 2:mode:mode',
  fchmodat2: '0:dirfd:directory 2:mode:mode',
  chown: '1:owner:uid 2:group:gid',
  fchown: '1:owner:uid 2:group:gid',
  lchown: '1:owner:uid 2:group:gid',
  fchownat: '0:dirfd:directory 2:owner:uid 3:group:gid',
  unlinkat: '0:dirfd:directory',
  readlinkat: '0:dirfd:directory',
  renameat: '0:olddirfd:directory 2:newdirfd:directory',
  renameat2: '0:olddirfd:directory 2:newdirfd:directory',
  linkat: '0:olddirfd:directory 2:newdirfd:directory',
  symlinkat: '1:newdirfd:directory',
  faccessat: '0:dirfd:directory 2:mode:access',
  faccessat2: '0:dirfd:directory 2:mode:access',
  access: '1:mode:access',
  utimensat: '0:dirfd:directory',
  futimesat: '0:dirfd:directory',
  newfstatat: '0:dirfd:directory',
  statx: '0:dirfd:directory',
  execveat: '0:dirfd:directory',
  kill: '0:pid:pid 1:signal:signal',
  tkill: '0:pid:pid 1:signal:signal',
  tgkill: '0:pid:pid 2:signal:signal',
  rt_sigqueueinfo: '0:pid:pid 1:signal:signal',
  rt_tgsigqueueinfo: '0:pid:pid 2:signal:signal',
  pidfd_send_signal: '1:signal:signal',
  ptrace: '0:request:ptrace 1:pid:pid',
  process_vm_readv: '0:pid:pid',
  process_vm_writev: '0:pid:pid',
  prctl: '0:option:prctl',
  bpf: '0:command:bpf',
  clone: '0:flags:clone-call',
  unshare: '0:flags:clone',
  setns: '1:nstype:clone',
  mount: '3:flags:mount',
  umount2: '1:flags:umount',
  mmap: '2:protection:protection 3:flags:map',
  mprotect: '2:protection:protection',
  memfd_create: '1:flags:memfd',
  finit_module: '2:flags:module',
  socket: '0:family:family 1:type:socket-type 2:protocol:protocol',
  socketpair: '0:family:family 1:type:socket-type',
  setuid: '0:uid:uid',
  setgid: '0:gid:gid',
  setreuid: '0:ruid:uid 1:euid:uid',
  setregid: '0:rgid:gid 1:egid:gid',
  setresuid: '0:ruid:uid 1:euid:uid 2:suid:uid',
  setresgid: '0:rgid:gid 1:egid:gid 2:sgid:gid',
  setfsuid: '0:fsuid:uid',
  setfsgid: '0:fsgid:gid',
};

const none: readonly CallArgument[] = [];
const byCall: ReadonlyMap<string, readonly CallArgument[]> = new Map(
  Object.entries(declared).map(([call, text]) => [
    call,
    text.split(' ').map((part) => {
      const [index = '', name = '', reading = '', flags] = part.split(':');
      const ifCreating = flags === undefined ? undefined : Number(flags);
      return { index: Number(index), key: key(name), reading: reading as Reading, ifCreating };
    }),
  ]),
);

/** Arguments of a call whose values have a meaning of their own. */
export function argumentsOf(call: string): readonly CallArgument[] {
  return byCall.get(call) ?? none;
}

/** AT_FDCWD, -100: relative to the working directory. */
export const currentDirectory = 0xffff_ff9c;

const decimal = (value: number): string => String(value | 0);
const flags =
  (table: FlagTableName) =>
  (value: number): string | undefined =>
    flagsIn(table, value) || undefined;

const readers: Readonly<Record<Reading, (value: number) => string | undefined>> = {
  directory: (value) => (value === currentDirectory ? 'AT_FDCWD' : decimal(value)),
  open: openFlagNames,
  mode: permissionText,
  signal: signalName,
  ptrace: ptraceName,
  prctl: prctlName,
  bpf: bpfName,
  family: familyName,
  'socket-type': socketTypeName,
  protocol: protocolName,
  'clone-call': cloneText,
  uid: decimal,
  gid: decimal,
  pid: decimal,
  clone: flags('clone'),
  mount: flags('mount'),
  umount: flags('umount'),
  protection: flags('protection'),
  map: flags('map'),
  memfd: flags('memfd'),
  module: flags('module'),
  resolve: flags('resolve'),
  access: flags('access'),
};

const registers = [key('a0'), key('a1'), key('a2'), key('a3')] as const;

/** Low 32 bits of one of the four arguments that a SYSCALL record has. */
export function argumentValue(fields: Fields, index: number): number | null {
  const register = registers[index];
  return register === undefined ? null : lowBits(fields, register);
}

/** An argument of the call in words; undefined when there is nothing to say about its value. */
export function meaningOfArgument(fields: Fields, argument: CallArgument): string | undefined {
  const { index, reading, ifCreating } = argument;
  if (ifCreating !== undefined && !mayCreate(argumentValue(fields, ifCreating) ?? 0)) return undefined;
  const value = argumentValue(fields, index);
  return value === null ? undefined : readArgument(reading, value);
}

function mayCreate(flags: number): boolean {
  return (flags & (openFlag.create | openFlag.temporary)) !== 0;
}

function readArgument(reading: Reading, value: number): string | undefined {
  const known = remembered[reading] ?? (remembered[reading] = new Map<number, string | undefined>());
  if (known.has(value)) return known.get(value);
  const text = readers[reading](value);
  if (known.size < maxRemembered) known.set(value, text);
  return text;
}

/** A log has few different flags and modes, each very often. */
const maxRemembered = 256;
const remembered: Partial<Record<Reading, Map<number, string | undefined>>> = {};

/** `suid,0755`: special bits by name, then permissions in octal. */
/** The signal that the parent gets stands in the low byte of clone's flags. */
function cloneText(value: number): string | undefined {
  const flags = flagsIn('clone', (value & ~0xff) >>> 0);
  const signal = signalName(value & 0xff);
  return [flags, signal].filter((part) => part !== undefined && part !== '').join('|') || undefined;
}
