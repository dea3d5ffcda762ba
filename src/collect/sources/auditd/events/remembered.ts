import type { KnownProcess } from '../ancestry.ts';
import type { ContainerFiles } from '../container-files.ts';
import { key, type Key } from '../records/keys.ts';
import { text } from '../records/values.ts';
import type { Actor } from './actor.ts';
import type { Call } from './call.ts';
import { recordOf, type EventView } from './view.ts';

const capabilitiesType = key('BPRM_FCAPS');
const [effective, permitted, oldEffective, oldPermitted] = ['pe', 'pp', 'new_pe', 'new_pp'].map(key) as [
  Key,
  Key,
  Key,
  Key,
];
const [nameType, inode, device] = ['nametype', 'inode', 'dev'].map(key) as [Key, Key, Key];
const toldEffective = key('cap_effective');
const toldPermitted = key('cap_permitted');
const toldUpper = key('is_upper_layer');

/** What the capabilities of a process are, as masks of hexadecimal digits. */
export type Powers = Pick<KnownProcess, 'effective' | 'permitted'>;

/** After these a process may have other capabilities, and no record says which. */
const changesPowers = new Set(
  'setuid setreuid setresuid setfsuid setgid setregid setresgid setfsgid capset unshare setns prctl'.split(' '),
);
/** Calls that rules judge by what the process may do, on the host too. */
const wantsPowers = new Set(
  'unshare setns bpf ptrace mount init_module finit_module process_vm_readv process_vm_writev'.split(' '),
);

const untold: Powers = {};

/** Those that the process has at this call, by the program that it runs; nothing where the log does not tell. */
function powersOf({ before, parent, parentPid, user }: Actor): Powers {
  // A child has what its parent has, until it starts a program.
  const known = before?.parentPid === parentPid ? before : parent;
  return known?.effective === undefined || known.user !== user ? untold : known;
}

export function powersAfter(view: EventView, call: Call, actor: Actor): Powers {
  const told = recordOf(view, capabilitiesType);
  if (told !== undefined && call.hasSucceeded === true) {
    const mask = text(told, effective) ?? text(told, oldEffective);
    return mask === null
      ? {}
      : { effective: mask, permitted: text(told, permitted) ?? text(told, oldPermitted) ?? mask };
  }
  return changesPowers.has(call.name) ? untold : powersOf(actor);
}

/** Members that come from what the log told before: capabilities, and whether a program was made in its container. */
export function rememberedMembers(view: EventView, call: Call, actor: Actor, files: ContainerFiles): [Key, string][] {
  const { container } = actor;
  const members: [Key, string][] = [];
  if (view.args === null && (container !== null || wantsPowers.has(call.name))) {
    const { effective: now, permitted: may } = powersOf(actor);
    if (now !== undefined) members.push([toldEffective, now], [toldPermitted, may ?? now]);
  }
  if (container === null || call.hasSucceeded !== true) return members;
  if (view.args !== null) {
    const file = view.paths[0];
    const [on, number] = file === undefined ? [null, null] : [text(file, device), text(file, inode)];
    const isMade = on !== null && number !== null && files.started(container, on, number) === true;
    if (isMade) members.push([toldUpper, 'true']);
    return members;
  }
  for (const path of view.paths) {
    if (text(path, nameType) !== 'CREATE') continue;
    const [on, number] = [text(path, device), text(path, inode)];
    if (on !== null && number !== null) files.made(container, on, number);
  }
  return members;
}
