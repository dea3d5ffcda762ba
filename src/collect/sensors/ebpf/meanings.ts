/** What a call becomes. */
export interface Meaning {
  readonly kind: 'process' | 'file_access' | 'socket' | 'kernel_module';
  readonly action: string;
}

/** By the words that sources of system calls use; calls that are not here are events of a process under their own name. */
const table: readonly (readonly [kind: Meaning['kind'], action: string, calls: string])[] = [
  ['process', 'memory-read', 'process_vm_readv'],
  ['process', 'memory-write', 'process_vm_writev'],
  ['process', 'namespace', 'setns unshare'],
  ['file_access', 'write', 'open openat openat2 truncate'],
  ['file_access', 'create', 'creat memfd_create mkdir mkdirat'],
  ['file_access', 'delete', 'unlink unlinkat rmdir'],
  ['file_access', 'rename', 'rename renameat renameat2'],
  ['file_access', 'link', 'link linkat symlink symlinkat'],
  ['file_access', 'attribute', 'chmod fchmod fchmodat fchmodat2 chown lchown fchownat'],
  ['file_access', 'mount', 'mount move_mount pivot_root chroot'],
  ['file_access', 'unmount', 'umount umount2'],
  ['socket', 'connect', 'connect'],
  ['socket', 'socket', 'socket'],
  ['socket', 'dup', 'dup dup2 dup3'],
  ['socket', 'bind', 'bind'],
  ['kernel_module', 'load', 'init_module finit_module'],
  ['kernel_module', 'unload', 'delete_module'],
];

const meanings: ReadonlyMap<string, Meaning> = new Map(
  table.flatMap(([kind, action, calls]) => calls.split(' ').map((call) => [call, { kind, action }] as const)),
);

export function meaningOf(call: string): Meaning {
  return meanings.get(call) ?? { kind: 'process', action: call };
}
