import type { JsonObject } from '../../json-value.ts';
import { isObject } from '../../mapping/paths.ts';
import type { Topic } from './mapping.ts';

/** What a probe is about, by the types of its arguments; the first that one of them has. */
const topicByArgument: readonly (readonly [argument: string, topic: Topic])[] = [
  ['sock_arg', 'sock'],
  ['skb_arg', 'packet'],
  ['sockaddr_arg', 'address'],
  ['module_arg', 'module'],
  ['file_arg', 'file'],
  ['path_arg', 'file'],
  ['linux_binprm_arg', 'file'],
  ['process_credentials_arg', 'credentials'],
];

/** Functions whose arguments are plain numbers or text, by the end of their names. */
const topicByFunction: readonly (readonly [end: RegExp, topic: Topic])[] = [
  [/(?:^|_)set(?:re|res|fs)?[ug]id$/, 'credentials'],
  [/(?:^|_)(?:setns|unshare|capset)$/, 'credentials'],
  [/(?:^|_)(?:init_module|finit_module|delete_module|security_kernel_module_request)$/, 'module-name'],
];

export function topicOf(body: JsonObject): Topic {
  const { args } = body;
  const list = Array.isArray(args) ? args.filter(isObject) : [];
  const byArgument = topicByArgument.find(([name]) => list.some((argument) => argument[name] !== undefined));
  if (byArgument !== undefined) return byArgument[1];
  const name = functionOf(body);
  return topicByFunction.find(([end]) => end.test(name))?.[1] ?? 'log';
}

/** Name of the function or hook; `''` where there is none. */
function functionOf(body: JsonObject): string {
  const name = body['function_name'] ?? body['event'] ?? body['symbol'];
  return typeof name === 'string' ? name : '';
}

/** What a function does to a file. `security_file_permission` tells by its mask, and memory is mapped, not opened. */
const fileActions: readonly (readonly [name: RegExp, action: string])[] = [
  [/truncate|(?:^|_)(?:p?write(?:v|64)?|vfs_write\w*)$/, 'write'],
  [/(?:^|_)(?:p?read(?:v|64)?|vfs_read\w*|security_kernel_read_file)$/, 'read'],
  [/unlink|rmdir|_delete/, 'delete'],
  [/rename/, 'rename'],
  [/symlink|(?:^|_)link/, 'link'],
  [/mknod|mkdir|_create/, 'create'],
  [/chmod|chown|setattr|setxattr/, 'attribute'],
  [/mount/, 'mount'],
  [/mmap|mprotect/, 'map'],
  [/close/, 'close'],
  [/bprm|exec/, 'exec'],
  [/open|fd_install/, 'open'],
];
/** `MAY_WRITE` and `MAY_APPEND`, `MAY_READ`, `MAY_EXEC` of the kernel. */
const masks: readonly (readonly [mask: number, action: string])[] = [
  [2 | 8, 'write'],
  [4, 'read'],
  [1, 'exec'],
];
const socketActions: readonly (readonly [name: RegExp, action: string])[] = [
  [/connect/, 'connect'],
  [/listen/, 'listen'],
  [/accept/, 'accept'],
  [/bind/, 'bind'],
  [/send|xmit/, 'send'],
  [/recv/, 'receive'],
  [/close|destroy|shutdown/, 'close'],
];
const moduleActions: readonly (readonly [name: RegExp, action: string])[] = [
  [/free_module|delete_module/, 'unload'],
  [/request/, 'install'],
];

/** What a probe saw done; undefined where its mapping says it, or its function does not. */
export function actionOf(topic: Topic, body: JsonObject): string | undefined {
  const name = functionOf(body);
  const find = (list: readonly (readonly [RegExp, string])[]): string | undefined =>
    list.find(([pattern]) => pattern.test(name))?.[1];
  if (topic === 'file') return name.endsWith('_permission') ? byMask(body) : find(fileActions);
  if (topic === 'sock' || topic === 'packet' || topic === 'address') return find(socketActions);
  if (topic === 'module' || topic === 'module-name') return find(moduleActions) ?? 'load';
  return topic === 'credentials' ? callName(name) : undefined;
}

function byMask({ args }: JsonObject): string | undefined {
  const list = Array.isArray(args) ? args.filter(isObject) : [];
  const mask = list.map((argument) => argument['int_arg']).find((value) => typeof value === 'number');
  return mask === undefined ? undefined : masks.find(([bits]) => (mask & bits) !== 0)?.[1];
}

/** `setgid` of `__x64_sys_setgid`; other functions keep their names. */
function callName(name: string): string {
  return name.replace(/^__\w+?_sys_|^sys_/, '');
}
