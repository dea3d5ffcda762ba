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
}

/** O_WRONLY, O_RDWR, O_CREAT and O_TRUNC of `fcntl.h`: reading is too much to be told. */
const changing = 0x1 | 0x2 | 0x40 | 0x200;
const addressBytes = 28;
const openHowBytes = 24;

/** What is told, by the names that the kernel has for it; those that a machine does not know are left out. */
const wantedCalls: readonly WantedCall[] = [
  { name: 'open', texts: [1], bits: [2, changing] },
  { name: 'openat', texts: [2], bits: [3, changing] },
  { name: 'openat2', texts: [2], block: [3, openHowBytes], bits: [3, changing] },
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
  { name: 'chmod', texts: [1] },
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
  return [...calls.wanted].map(([index, { texts = [], block, bits }]) => {
    const key = Buffer.alloc(4);
    key.writeUInt32LE(index);
    const value = Buffer.alloc(rowBytes);
    value[0] = 1;
    value[1] = texts[0] ?? 0;
    value[2] = texts[1] ?? 0;
    value[3] = block?.[0] ?? 0;
    value[4] = block?.[1] ?? 0;
    value[5] = bits?.[0] ?? 0;
    value.writeBigUInt64LE(BigInt(bits?.[1] ?? 0), 8);
    return { key, value };
  });
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
