import tables from './data/syscalls.json' with { type: 'json' };

/** AUDIT_ARCH_ codes (linux/audit.h) with the name of the machine, and the table of system calls that it uses. */
const architectures: Readonly<Record<string, readonly [name: string, table?: string]>> = {
  c000003e: ['x86_64', 'x86_64'],
  '40000003': ['i386', 'i386'],
  c00000b7: ['aarch64', 'aarch64'],
  '40000028': ['arm', 'arm'],
  '28': ['armeb', 'arm'],
  '14': ['ppc', 'ppc64'],
  '80000015': ['ppc64', 'ppc64'],
  c0000015: ['ppc64le', 'ppc64'],
  '16': ['s390', 's390'],
  '80000016': ['s390x', 's390x'],
  c00000f3: ['riscv64', 'riscv64'],
  '400000f3': ['riscv32'],
  c0000102: ['loongarch64', 'loongarch64'],
  c0000032: ['ia64'],
  c0009026: ['alpha'],
  '8': ['mips'],
  '40000008': ['mipsel'],
  '80000008': ['mips64'],
  c0000008: ['mipsel64'],
  f: ['parisc'],
  '8000000f': ['parisc64'],
  '2': ['sparc'],
  '8000002b': ['sparc64'],
};

/** x32 programs on x86_64 set this bit in the number. */
const x32Bit = 0x4000_0000;

/** The multiplexed socket calls of 32-bit x86 and s390, by their first argument (linux/net.h). */
const socketCalls =
  '- socket bind connect listen accept getsockname getpeername socketpair send recv sendto recvfrom shutdown ' +
  'setsockopt getsockopt sendmsg recvmsg accept4 recvmmsg sendmmsg';
const socketCallNames: readonly string[] = socketCalls.split(' ');

const namesByTable: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries(tables).map(([table, names]) => [table, names.split(' ')]),
);
/** Hot path: the table of an architecture's code, found once. */
const namesByCode: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries(architectures).map(([code, [, table]]) => [code, namesByTable.get(table ?? '') ?? []]),
);

/** Name of a machine from the hexadecimal code of `arch=`. */
export function architectureName(code: string): string | undefined {
  return architectures[code]?.[0];
}

/** Name of a system call; undefined when the machine or the number is not known. */
export function syscallName(code: string, number: number): string | undefined {
  const name = namesByCode.get(code)?.[number >= x32Bit ? number - x32Bit : number];
  return name === '-' ? undefined : name;
}

/** Numbers of system calls by name, of a machine as `uname -m` calls it; undefined for a machine that is not known. */
export function syscallNumbers(machine: string): ReadonlyMap<string, number> | undefined {
  const names = namesByTable.get(machine);
  return names && new Map([...names.entries()].flatMap(([number, name]) => (name === '-' ? [] : [[name, number]])));
}

/** The call that `socketcall` stands for, by its first argument. */
export function socketCallName(operation: number): string | undefined {
  return operation === 0 ? undefined : socketCallNames[operation];
}

/** s390 and s390x, whose `clone` has its flags second. */
export function isSystemZ(code: string): boolean {
  return code === '16' || code === '80000016';
}
