import type { JsonObject } from '../../json-value.ts';
import { isObject } from '../../mapping/paths.ts';
import type { Route } from './mappings.ts';

/** Events by what they are about; the first whose pattern fits the name. Every other is a log record. */
const routes: readonly (readonly [name: RegExp, route: Route])[] = [
  [/^execve(?:at)?$/, 'exec'],
  [/^sched_process_exec$/, 'exec-done'],
  [/^(?:sched_process_fork|fork|vfork|clone3?)$/, 'fork'],
  [/^(?:sched_process_exit|exit|exit_group)$/, 'exit'],
  [/^(?:ptrace|kill|tkill|tgkill|process_vm_(?:readv|writev))$/, 'act'],
  [
    /^(?:set(?:re|res|fs)?[ug]id|capset|commit_creds|setns|unshare|switch_task_ns|security_task_setrlimit)$/,
    'credentials',
  ],
  [/^net_packet_dns/, 'dns'],
  [/^net_packet_http/, 'http'],
  [/^net_(?:packet|flow|tcp)_/, 'packet'],
  [/^(?:security_socket_)?(?:bind|listen)$/, 'local-socket'],
  [/^(?:security_socket_)?(?:connect|accept4?|sendto|sendmsg|recvfrom)$/, 'socket'],
  [/^(?:module_load|do_init_module|init_module|finit_module|hidden_kernel_module)$/, 'module'],
  [/^(?:module_free|delete_module)$/, 'module-free'],
  [
    /^(?:creat|open(?:at2?)?|security_file_open|vfs_(?:read|write)v?|magic_write|file_modification|security_file_permission|security_inode_\w+|security_path_\w+|unlink(?:at)?|rmdir|rename(?:at2?)?|mkdir(?:at)?|mknod(?:at)?|link(?:at)?|symlink(?:at)?|f?chmod(?:at)?|[fl]?chown|fchownat|truncate|mount|umount|security_sb_(?:mount|umount)|security_mmap_file|security_bprm_check|shared_object_loaded|security_post_read_file|security_kernel_(?:post_)?read_file|file_creation)$/,
    'file',
  ],
];

export function routeOf(name: string): Route {
  return routes.find(([pattern]) => pattern.test(name))?.[1] ?? 'log';
}

const fileActions: readonly (readonly [name: RegExp, action: string])[] = [
  [/write|modification|truncate/, 'write'],
  [/read/, 'read'],
  [/unlink|rmdir/, 'delete'],
  [/rename/, 'rename'],
  [/link/, 'link'],
  [/mknod|mkdir|creat/, 'create'],
  [/chmod|chown|setattr|setxattr/, 'attribute'],
  [/mount/, 'mount'],
  [/mmap|shared_object/, 'map'],
  [/bprm/, 'exec'],
];

/** What an event did to a file; of one that opens it, its flags tell. */
export function fileAction(name: string, record: JsonObject): string | undefined {
  if (!name.includes('open')) return fileActions.find(([pattern]) => pattern.test(name))?.[1];
  const { args, data } = record;
  const values = isObject(args) ? args : data;
  const flags = isObject(values) ? values['flags'] : undefined;
  if (typeof flags !== 'string') return 'open';
  if (/O_WRONLY|O_RDWR/.test(flags)) return 'write';
  return flags.includes('O_RDONLY') && !flags.includes('O_PATH') ? 'read' : 'open';
}
