import type { Cursor } from './cursor.ts';

/** A process or thread as it was when the capture began. What its version of the list does not hold is undefined. */
export interface ProcessEntry {
  readonly tid: number;
  readonly pid: number;
  readonly parent: number;
  readonly session: number | undefined;
  readonly group: number | undefined;
  readonly name: string;
  readonly exe: string;
  readonly path: string;
  /** Arguments after the first, each ended by NUL. */
  readonly args: string;
  readonly directory: string;
  readonly fdLimit: number;
  readonly flags: number;
  readonly uid: number;
  readonly gid: number;
  readonly env: string;
  readonly virtualTid: number | undefined;
  readonly virtualPid: number | undefined;
  /** `subsystem=path`, each ended by NUL. */
  readonly cgroups: string;
  readonly root: string;
  readonly more: LaterFields | undefined;
}

/** Fields of version 9. */
export interface LaterFields {
  readonly tty: number;
  readonly loginUid: number;
  readonly exeWritable: boolean;
  readonly inheritable: bigint;
  readonly permitted: bigint;
  readonly effective: bigint;
  readonly exeUpperLayer: boolean;
  readonly exeInode: bigint;
  readonly exeChanged: bigint;
  readonly exeModified: bigint;
  readonly exeFromMemfd: boolean;
  readonly exeLowerLayer: boolean;
}

/** Reads a process list of versions 1 to 9 entry by entry; `false` at the end stands for a cut entry. */
export function* readProcesses(list: Cursor, version: number): Generator<ProcessEntry, boolean> {
  while (list.left > 0) {
    // The list is padded to four bytes.
    if (list.left < 4 && !hasContent(list)) return true;
    const entry = version < 9 ? list : list.take(Math.max(0, list.u32() - 4));
    const process = readProcess(entry, version);
    if (entry.isCut || list.isCut) return false;
    yield process;
  }
  return true;
}

function hasContent(list: Cursor): boolean {
  return list.bytes(list.left).some((byte) => byte !== 0);
}

function readProcess(from: Cursor, version: number): ProcessEntry {
  const tid = from.i64();
  const pid = from.i64();
  const parent = from.i64();
  const session = version >= 6 ? from.i64() : undefined;
  const group = version >= 8 ? from.i64() : undefined;
  const name = from.text();
  const exe = from.text();
  const path = version >= 7 ? from.text() : '';
  const args = from.text();
  const directory = from.text();
  const fdLimit = from.i64();
  const flags = from.u32();
  const uid = from.u32();
  const gid = from.u32();
  if (version >= 2) {
    // Memory in use and swapped, and page faults, which no field of ours tells.
    from.bytes(3 * 4 + 2 * 8);
  }
  const env = version >= 3 ? from.text() : '';
  const virtualTid = version >= 4 ? from.i64() : undefined;
  const virtualPid = version >= 4 ? from.i64() : undefined;
  const cgroups = version >= 4 ? from.text() : '';
  const root = version >= 5 ? from.text() : '';
  const more = version >= 9 ? readLater(from) : undefined;
  return {
    tid,
    pid,
    parent,
    session,
    group,
    name,
    exe,
    path,
    args,
    directory,
    fdLimit,
    flags,
    uid,
    gid,
    env,
    virtualTid,
    virtualPid,
    cgroups,
    root,
    more,
  };
}

const unset = 0xffff_ffff;
/** An entry that has no more than these bytes after the root begins with the login user: the two before it came later. */
const shortTail = 29;

/** Each writer ended the entry where its own version did; what is not there is zero, false or unset. */
function readLater(from: Cursor): LaterFields {
  const isLong = from.left > shortTail;
  // The start of the process id space, which no field of ours tells.
  if (isLong) from.bytes(8);
  return {
    tty: isLong ? from.u32() : 0,
    loginUid: from.left >= 4 ? from.u32() : unset,
    exeWritable: flag(from),
    inheritable: quad(from),
    permitted: quad(from),
    effective: quad(from),
    exeUpperLayer: flag(from),
    exeInode: quad(from),
    exeChanged: quad(from),
    exeModified: quad(from),
    exeFromMemfd: flag(from),
    exeLowerLayer: flag(from),
  };
}

function flag(from: Cursor): boolean {
  return from.left >= 1 && from.u8() !== 0;
}

function quad(from: Cursor): bigint {
  return from.left >= 8 ? from.u64() : 0n;
}
