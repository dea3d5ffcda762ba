import { arch } from 'node:os';
import { syscallNumbers } from '../../linux/syscalls.ts';

/** Numbers of arguments count from 1. Keep in step with `struct wanted` of `calls.bpf.c`. */
export interface WantedCall {
  readonly name: string;
  /** Arguments that point to text. */
  readonly texts?: readonly number[];
  /** An argument that points to a structure, and how many bytes of it are wanted. */
  readonly block?: readonly [argument: number, bytes: number];
  /** The call is told when that argument has one of the bits; of a block its first eight bytes are meant. */
  readonly bits?: readonly [argument: number, bits: number];
  /** Without the bits it is told too when the last name of its first text is one of `secretNames`. */
  readonly orSecret?: true;
  /** An argument that is a file descriptor: the call is told when that is a socket of IPv4 or IPv6 that becomes standard input, output or error. */
  readonly socket?: number;
}

/** Names of files with secrets: who opens them to read is told, in containers too, where the sensor `fanotify` does not look. */
const secretNames = (
  'shadow shadow- gshadow gshadow- sudoers krb5.keytab admin.conf environ credentials .dockercfg .git-credentials .pgpass ' +
  'id_rsa id_dsa id_ecdsa id_ed25519 ssh_host_rsa_key ssh_host_ecdsa_key ssh_host_ed25519_key kubelet.conf'
).split(' ');

/** O_WRONLY, O_RDWR, O_CREAT and O_TRUNC of `fcntl.h`: reading is too much to be told. */
const changing = 0x1 | 0x2 | 0x40 | 0x200;
const addressBytes = 28;
const openHowBytes = 24;

/** What is told, by the names that the kernel has for it; those that a machine does not know are left out. */
const wantedCalls: readonly WantedCall[] = [
  { name: 'open', texts: [1], bits: [2, changing], orSecret: true },
  { name: 'openat', texts: [2], bits: [3, changing], orSecret: true },
  { name: 'openat2', texts: [2], block: [3, openHowBytes], bits: [3, changing], orSecret: true },
  { name: 'creat', texts: [1] },
  { name: 'truncate', texts: [1] },
  { name: 'unlink', texts: [1] },
  { name: 'unlinkat', texts: [2] },
  { name: 'rename', texts: [1, 2] },
  { name: 'renameat', texts: [2, 4] },
  { name: 'renameat2', texts: [2, 4] },
  { name: 'link', texts: [1, 2] },
  { name: 'linkat', texts: [2, 4] },
  { name: 'symlink', texts: [1, 2] },
  { name: 'symlinkat', texts: [1, 3] },
  { name: 'mkdir', texts: [1] },
  { name: 'mkdirat', texts: [2] },
  { name: 'rmdir', texts: [1] },
  { name: 'chmod', texts: [1] },
  { name: 'fchmod' },
  { name: 'fchmodat', texts: [2] },
  { name: 'fchmodat2', texts: [2] },
  { name: 'chown', texts: [1] },
  { name: 'lchown', texts: [1] },
  { name: 'fchownat', texts: [2] },
  { name: 'memfd_create', texts: [1] },
  { name: 'mount', texts: [1, 2] },
  { name: 'move_mount', texts: [2, 4] },
  { name: 'umount', texts: [1] },
  { name: 'umount2', texts: [1] },
  { name: 'connect', block: [2, addressBytes] },
  { name: 'bind', block: [2, addressBytes] },
  // AF_PACKET is 17; with the bit alone AF_NETLINK comes along.
  { name: 'socket', bits: [1, 0x10] },
  { name: 'dup', socket: 1 },
  { name: 'dup2', socket: 1 },
  { name: 'dup3', socket: 1 },
  { name: 'ptrace' },
  { name: 'process_vm_readv' },
  { name: 'process_vm_writev' },
  { name: 'setns' },
  { name: 'unshare' },
  { name: 'pivot_root', texts: [1, 2] },
  { name: 'chroot', texts: [1] },
  { name: 'bpf' },
  { name: 'io_uring_setup' },
  { name: 'userfaultfd' },
  { name: 'init_module' },
  { name: 'finit_module' },
  { name: 'delete_module', texts: [1] },
  { name: 'kexec_load' },
  { name: 'kexec_file_load' },
];

/** `MAX_CALLS` of `calls.bpf.c`: those of 32-bit programs stand behind it. */
const maxCalls = 1024;
const rowBytes = 16;

/** Rows of the table that the program in the kernel looks into. */
export function tableRows(calls: CallNames): { readonly key: Buffer; readonly value: Buffer }[] {
  return [...calls.wanted].map(([index, { texts = [], block, bits, orSecret, socket }]) => {
    const key = Buffer.alloc(4);
    key.writeUInt32LE(index);
    const value = Buffer.alloc(rowBytes);
    value[0] = 1;
    value[1] = texts[0] ?? 0;
    value[2] = texts[1] ?? 0;
    value[3] = block?.[0] ?? 0;
    value[4] = block?.[1] ?? 0;
    value[5] = bits?.[0] ?? 0;
    value[6] = orSecret === true ? 1 : 0;
    value[7] = socket ?? 0;
    value.writeBigUInt64LE(BigInt(bits?.[1] ?? 0), 8);
    return { key, value };
  });
}

/** Keys of the set that the program in the kernel looks the names of files up in: their FNV-1a of 64 bits. */
export function secretKeys(): Buffer[] {
  return secretNames.map((name) => {
    const key = Buffer.alloc(8);
    key.writeBigUInt64LE(fnv1a(name));
    return key;
  });
}

function fnv1a(text: string): bigint {
  let hash = 0xcbf2_9ce4_8422_2325n;
  for (const byte of Buffer.from(text)) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100_0000_01b3n);
  return hash;
}

/** The calls of this machine by their place in the table. */
export interface CallNames {
  readonly wanted: ReadonlyMap<number, WantedCall>;
  callOf(record: { readonly call: number; readonly isCompat: boolean }): WantedCall | undefined;
}

const machines: Readonly<Record<string, readonly [native: string, compat: string]>> = {
  x64: ['x86_64', 'i386'],
  arm64: ['aarch64', 'arm'],
};

export function callsOfMachine(): CallNames {
  const wanted = new Map<number, WantedCall>();
  for (const [offset, machine] of (machines[arch()] ?? []).entries()) {
    const numbers = syscallNumbers(machine);
    for (const call of wantedCalls) {
      const number = numbers?.get(call.name);
      if (number !== undefined && number < maxCalls) wanted.set(number + offset * maxCalls, call);
    }
  }
  return { wanted, callOf: ({ call, isCompat }) => wanted.get(call + (isCompat ? maxCalls : 0)) };
}
