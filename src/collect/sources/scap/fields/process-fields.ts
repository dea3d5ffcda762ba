import { capabilitiesIn } from '../../../linux/names.ts';
import type { ScapRecord } from '../record.ts';
import { typeName, type Descriptor } from '../state/descriptor.ts';
import type { Thread } from '../state/thread.ts';
import { flag, indexOf, list, number, text, type Field, type FieldSource } from './field.ts';

const ofThread =
  <V>(get: (thread: Thread, record: ScapRecord) => V) =>
  (record: ScapRecord): V | undefined =>
    record.thread === undefined ? undefined : get(record.thread, record);

const ofParent =
  <V>(get: (thread: Thread, record: ScapRecord) => V) =>
  (record: ScapRecord): V | undefined => {
    const parent = record.thread === undefined ? undefined : record.system.threads.parentOf(record.thread);
    return parent === undefined ? undefined : get(parent, record);
  };

const ofMain =
  <V>(get: (thread: Thread, record: ScapRecord) => V) =>
  (record: ScapRecord): V | undefined => {
    const main = record.thread === undefined ? undefined : record.system.threads.main(record.thread);
    return main === undefined ? undefined : get(main, record);
  };

/** Of the ancestor so many steps up (0 is the process itself); without a number of all ancestors, as a list. */
function ofAncestor(get: (thread: Thread) => string): FieldSource {
  return (argument) => {
    if (argument === undefined) {
      return list(ofThread((thread, { system }) => listOrNone(Array.from(system.threads.ancestors(thread), get))));
    }
    const steps = indexOf(argument);
    if (steps === undefined) return undefined;
    return text((record) => {
      const ancestor = ancestorOf(record, steps);
      return ancestor === undefined ? undefined : get(ancestor);
    });
  };
}

function listOrNone<V>(values: V[]): V[] | undefined {
  return values.length === 0 ? undefined : values;
}

function ancestorOf(record: ScapRecord, steps: number): Thread | undefined {
  return record.thread === undefined ? undefined : record.system.threads.ancestor(record.thread, steps);
}

const ancestorPid: FieldSource = (argument) => {
  const steps = indexOf(argument);
  if (argument !== undefined && steps === undefined) return undefined;
  if (steps !== undefined) return number((record) => ancestorOf(record, steps)?.pid);
  return list(
    ofThread((thread, { system }) => listOrNone(Array.from(system.threads.ancestors(thread), ({ pid }) => pid))),
  );
};

/** The leader of the session; when it has ended, the eldest ancestor of the same session. */
function sessionLeader(thread: Thread, { system }: ScapRecord): Thread | undefined {
  const { threads } = system;
  const leader = threads.get(thread.session);
  if (leader !== undefined) return leader;
  const main = threads.main(thread);
  let eldest = main;
  if (main !== undefined) {
    for (const ancestor of threads.ancestors(main)) {
      if (ancestor.session !== main.session) break;
      eldest = ancestor;
    }
  }
  return eldest;
}

/** The leader of the process group within the id space, as far as it is known. */
function isGroupLeader(thread: Thread): boolean | undefined {
  return thread.group < 0 ? undefined : thread.group === thread.virtualPid;
}

/** The leader of the process group, or the eldest ancestor of the same group. */
function groupLeader(thread: Thread, { system }: ScapRecord): Thread | undefined {
  const { threads } = system;
  let eldest = threads.main(thread);
  const group = eldest?.group ?? -1;
  if (eldest === undefined || group < 0 || eldest.virtualPid === group) return eldest;
  for (const ancestor of threads.ancestors(eldest)) {
    if (ancestor.group !== group) break;
    eldest = ancestor;
  }
  return eldest;
}

/** What a process has open as its standard input, output or error. */
function standard(name: string, fd: number): Readonly<Record<string, FieldSource>> {
  const descriptorOf = (thread: Thread, { system }: ScapRecord): Descriptor | undefined =>
    system.threads.tableOf(thread).get(fd);
  return {
    [`proc.${name}.name`]: text(ofThread((thread, record) => descriptorOf(thread, record)?.name)),
    [`proc.${name}.type`]: text(
      ofThread((thread, record) => {
        const descriptor = descriptorOf(thread, record);
        return descriptor === undefined ? undefined : typeName(descriptor.type);
      }),
    ),
  };
}

const shells = /sh$/;

/** The oldest shell among the process and its ancestors. */
function loginShell(thread: Thread, { system }: ScapRecord): number | undefined {
  const main = system.threads.main(thread);
  if (main === undefined) return undefined;
  let found = shells.test(main.name) ? main.pid : undefined;
  for (const ancestor of system.threads.ancestors(main)) if (shells.test(ancestor.name)) found = ancestor.pid;
  return found;
}

function startOf(thread: Thread): bigint | undefined {
  if (thread.startHigh === 0) return undefined;
  return (BigInt(thread.startHigh) << 32n) | BigInt(thread.startLow);
}

/** Nanoseconds since the process was started within the capture. */
function durationOf(thread: Thread, record: ScapRecord): number | undefined {
  if (thread.startHigh === 0) return undefined;
  return (record.timeHigh - thread.startHigh) * 0x1_0000_0000 + (record.timeLow - thread.startLow);
}

const notZero = (value: bigint): bigint | undefined => (value === 0n ? undefined : value);
const notUnset = (value: number): number | undefined => (value === -1 ? undefined : value);

function capabilityText(mask: bigint): string {
  if (mask === lastMask.mask) return lastMask.text;
  const names = capabilitiesIn(mask).map((name) => `CAP_${name.toUpperCase()}`);
  lastMask = { mask, text: names.join(' ') };
  return lastMask.text;
}
/** Most processes have all capabilities or none. */
let lastMask = { mask: 0n, text: '' };

/** `VARIABLE=value` of the environment, or with a name in brackets only its value. */
const environment: FieldSource = (argument) => {
  if (argument === undefined) return text(ofMain(({ env }) => env.join(' ')));
  const prefix = `${argument}=`;
  return text(ofMain(({ env }) => env.find((entry) => entry.startsWith(prefix))?.slice(prefix.length)));
};

function controlGroup(argument: string | undefined): Field | undefined {
  if (argument === undefined) return undefined;
  const prefix = `${argument}=`;
  return text(
    ofThread(({ cgroups }) =>
      cgroups
        .split('\0')
        .find((entry) => entry.startsWith(prefix))
        ?.slice(prefix.length),
    ),
  );
}

export const processFields: Readonly<Record<string, FieldSource>> = {
  'proc.exe': text(ofThread(({ exe }) => exe)),
  'proc.pexe': text(ofParent(({ exe }) => exe)),
  'proc.aexe': ofAncestor(({ exe }) => exe),
  'proc.exepath': text(ofThread(({ path }) => path)),
  'proc.pexepath': text(ofParent(({ path }) => path)),
  'proc.aexepath': ofAncestor(({ path }) => path),
  'proc.name': text(ofThread(({ name }) => name)),
  'proc.pname': text(ofParent(({ name }) => name)),
  'proc.aname': ofAncestor(({ name }) => name),
  'proc.args': text(ofThread(({ argumentText }) => argumentText)),
  'proc.aargs': ofAncestor(({ argumentText }) => argumentText),
  'proc.cmdline': text(ofThread(({ commandLine }) => commandLine)),
  'proc.pcmdline': text(ofParent(({ commandLine }) => commandLine)),
  'proc.acmdline': ofAncestor(({ commandLine }) => commandLine),
  'proc.cmdnargs': number(ofThread(({ args }) => args.length)),
  'proc.cmdlenargs': number(ofThread(({ args }) => args.reduce((sum, arg) => sum + Buffer.byteLength(arg), 0))),
  'proc.exeline': text(ofThread(({ exe, argumentText }) => `${exe} ${argumentText}`)),
  'proc.env': environment,
  'proc.cwd': text(ofThread((thread, { system }) => system.threads.directoryOf(thread))),
  'proc.loginshellid': number(ofThread(loginShell)),
  'proc.tty': number(ofThread(({ tty }) => tty)),
  'proc.pid': number(ofThread(({ pid }) => pid)),
  'proc.ppid': number(ofMain(({ parent }) => parent)),
  'proc.apid': ancestorPid,
  'proc.vpid': number(ofThread(({ virtualPid }) => notUnset(virtualPid))),
  'proc.pvpid': number(ofParent(({ virtualPid }) => virtualPid)),
  'proc.sid': number(ofThread(({ session }) => session)),
  'proc.sname': text(ofThread((thread, record) => sessionLeader(thread, record)?.name)),
  'proc.sid.exe': text(ofThread((thread, record) => sessionLeader(thread, record)?.exe)),
  'proc.sid.exepath': text(ofThread((thread, record) => sessionLeader(thread, record)?.path)),
  'proc.vpgid': number(ofThread(({ group }) => group)),
  'proc.vpgid.name': text(ofThread((thread, record) => groupLeader(thread, record)?.name)),
  'proc.vpgid.exe': text(ofThread((thread, record) => groupLeader(thread, record)?.exe)),
  'proc.vpgid.exepath': text(ofThread((thread, record) => groupLeader(thread, record)?.path)),
  'proc.is_vpgid_leader': flag(ofThread(isGroupLeader)),
  'proc.is_sid_leader': flag(ofThread(({ session, virtualPid }) => session === virtualPid)),
  ...standard('stdin', 0),
  ...standard('stdout', 1),
  ...standard('stderr', 2),
  'proc.duration': number(ofThread(durationOf)),
  'proc.ppid.duration': number(ofParent(durationOf)),
  'proc.pid.ts': number(ofThread(startOf)),
  'proc.ppid.ts': number(ofParent(startOf)),
  'proc.is_exe_writable': flag(ofThread(({ exeWritable }) => exeWritable)),
  'proc.is_exe_upper_layer': flag(ofThread(({ exeUpperLayer }) => exeUpperLayer)),
  'proc.is_exe_lower_layer': flag(ofThread(({ exeLowerLayer }) => exeLowerLayer)),
  'proc.is_exe_from_memfd': flag(ofThread(({ exeFromMemfd }) => exeFromMemfd)),
  'proc.exe_ino': number(ofThread(({ exeInode }) => notZero(exeInode))),
  'proc.exe_ino.ctime': number(ofThread(({ exeChanged }) => notZero(exeChanged))),
  'proc.exe_ino.mtime': number(ofThread(({ exeModified }) => notZero(exeModified))),
  'proc.exe_ino.ctime_duration_proc_start': number(
    ofThread((thread) => {
      const start = startOf(thread);
      return start === undefined || thread.exeChanged === 0n ? undefined : start - thread.exeChanged;
    }),
  ),
  'proc.fdopencount': number(ofThread((thread, { system }) => system.threads.tableOf(thread).size)),
  'proc.fdlimit': number(ofMain(({ fdLimit }) => fdLimit)),
  'proc.nthreads': number(ofMain(({ members }) => members.size + 1)),
  'proc.nchilds': number(ofMain(({ members }) => members.size)),
  'thread.cap_permitted': text(ofThread(({ permitted }) => capabilityText(permitted))),
  'thread.cap_inheritable': text(ofThread(({ inheritable }) => capabilityText(inheritable))),
  'thread.cap_effective': text(ofThread(({ effective }) => capabilityText(effective))),
  'thread.tid': number(({ tid }) => tid),
  'thread.ismain': flag(ofThread(({ isMain }) => isMain)),
  'thread.vtid': number(ofThread(({ virtualTid }) => notUnset(virtualTid))),
  'thread.nametid': text(ofThread(({ name }, { tid }) => `${name}${tid}`)),
  'thread.cgroups': text(
    ofThread(({ cgroups }) => (cgroups === '' ? undefined : cgroups.replace(/\0$/, '').replaceAll('\0', ' '))),
  ),
  'thread.cgroup': controlGroup,
};
