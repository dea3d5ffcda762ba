/** What a call becomes, by the words that all sources of system calls use. */
export interface Meaning {
  readonly kind: 'process' | 'file_access' | 'socket' | 'kernel_module';
  readonly action: string;
}

const table: readonly (readonly [kind: Meaning['kind'], action: string, calls: string])[] = [
  ['process', 'exec', 'execve execveat'],
  ['process', 'fork', 'fork vfork clone clone3'],
  ['process', 'exit', 'procexit'],
  ['process', 'kill', 'kill tkill tgkill'],
  ['process', 'ptrace', 'ptrace'],
  ['process', 'memory-read', 'process_vm_readv'],
  ['process', 'memory-write', 'process_vm_writev'],
  ['process', 'setuid', 'setuid setreuid setresuid'],
  ['process', 'setgid', 'setgid setregid setresgid'],
  ['process', 'capset', 'capset'],
  ['process', 'namespace', 'setns unshare'],
  ['process', 'seccomp', 'seccomp'],
  ['file_access', 'open', 'open openat openat2 open_by_handle_at'],
  ['file_access', 'create', 'creat memfd_create mkdir mkdirat mknod mknodat'],
  ['file_access', 'delete', 'unlink unlinkat rmdir'],
  ['file_access', 'rename', 'rename renameat renameat2'],
  ['file_access', 'link', 'link linkat symlink symlinkat'],
  ['file_access', 'attribute', 'chmod fchmod fchmodat chown lchown fchown fchownat'],
  ['file_access', 'mount', 'mount move_mount'],
  ['file_access', 'unmount', 'umount umount2'],
  ['socket', 'connect', 'connect'],
  ['socket', 'bind', 'bind'],
  ['socket', 'listen', 'listen'],
  ['socket', 'accept', 'accept accept4'],
  ['socket', 'send', 'sendto sendmsg'],
  ['socket', 'receive', 'recvfrom recvmsg'],
  ['kernel_module', 'load', 'init_module finit_module'],
  ['kernel_module', 'unload', 'delete_module'],
];

const meanings: ReadonlyMap<string, Meaning> = new Map(
  table.flatMap(([kind, action, calls]) => calls.split(' ').map((call) => [call, { kind, action }] as const)),
);

/** What a call becomes; undefined for those that are too many and say too little: reading, writing, waiting, memory. */
export function meaningOf(call: string): Meaning | undefined {
  return meanings.get(call);
}
