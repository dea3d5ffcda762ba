import type { Micros } from '../../../base/time.ts';
import type { ProcFolder } from './proc-folder.ts';

/** One process as `/proc/PID` tells it. Files that cannot be read leave their members empty or undefined. */
export interface HostProcess {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  readonly session: number;
  /** `comm`: at most 15 bytes, and the process may change it. */
  readonly name: string;
  /** One letter: `R` running, `S` sleeping, `Z` zombie … */
  readonly state: string;
  /** `PF_KTHREAD`: the kernel itself, without a program. */
  readonly isKernelThread: boolean;
  /** File that is run, without ` (deleted)`; undefined for kernel threads and where we may not look. */
  readonly executable: string | undefined;
  /** The file has no name any more. */
  readonly isDeleted: boolean;
  readonly argv: readonly string[];
  readonly cwd: string | undefined;
  /** `/` unless it lives in a chroot, or in a container seen from inside. */
  readonly root: string | undefined;
  readonly uids: Ids;
  readonly gids: Ids;
  /** Process that traces it (ptrace); 0 for none. */
  readonly tracer: number;
  /** Effective capabilities as a bit set (capabilities(7)). */
  readonly capabilities: bigint;
  readonly threads: number;
  readonly nice: number;
  /** Ticks since boot, of which there are 100 a second for user space on every architecture of Linux. */
  readonly startTicks: number;
  readonly userTicks: number;
  readonly systemTicks: number;
  readonly virtualBytes: number;
  readonly residentBytes: number;
  /** Control terminal as a device number; 0 for none. */
  readonly terminal: number;
}

/** Real, effective, saved and file system id. */
export interface Ids {
  readonly real: number;
  readonly effective: number;
  readonly saved: number;
  readonly fileSystem: number;
}

export const ticksPerSecond = 100;
/** Of a page on x86-64, and on arm64 as distributions build it. */
const pageBytes = 4096;
const kernelThreadFlag = 0x0020_0000;
const deletedMark = ' (deleted)';

/** The process, or undefined when it is gone. */
export function readProcess(proc: ProcFolder, pid: number): HostProcess | undefined {
  const stat = parseStat(proc.text(`${pid}/stat`));
  if (stat === undefined) return undefined;
  const status = parseStatus(proc.text(`${pid}/status`));
  const executable = proc.link(`${pid}/exe`);
  return {
    ...stat,
    pid,
    ...executableOf(proc, pid, executable),
    argv: parseArguments(proc.text(`${pid}/cmdline`)),
    cwd: proc.link(`${pid}/cwd`),
    root: proc.link(`${pid}/root`),
    uids: parseIds(status.get('Uid')),
    gids: parseIds(status.get('Gid')),
    tracer: Number(status.get('TracerPid') ?? 0),
    capabilities: parseHexadecimal(status.get('CapEff')),
  };
}

/** All that are listed now, in the order of their ids. */
export function* readProcesses(proc: ProcFolder): Generator<HostProcess> {
  for (const pid of proc.pids()) {
    const found = readProcess(proc, pid);
    if (found !== undefined) yield found;
  }
}

/** `NAME=value` pairs that a process was started with; empty where we may not look. */
export function readEnvironment(proc: ProcFolder, pid: number): Map<string, string> {
  const variables = new Map<string, string>();
  for (const text of proc.text(`${pid}/environ`).split('\0')) {
    const at = text.indexOf('=');
    if (at > 0) variables.set(text.slice(0, at), text.slice(at + 1));
  }
  return variables;
}

/** When the kernel was started, from `/proc/stat`. */
export function readBootTime(proc: ProcFolder): Micros | undefined {
  const seconds = /^btime (?<seconds>\d{1,12})$/m.exec(proc.text('stat'))?.groups?.['seconds'];
  return seconds === undefined ? undefined : Number(seconds) * 1_000_000;
}

export function startTimeOf({ startTicks }: HostProcess, bootTime: Micros): Micros {
  return bootTime + (startTicks * 1_000_000) / ticksPerSecond;
}

/** The text of the link tells a deleted file, but so may the name of a living one: the count of names decides where it can be had. */
function executableOf(
  proc: ProcFolder,
  pid: number,
  link: string | undefined,
): Pick<HostProcess, 'executable' | 'isDeleted'> {
  if (link === undefined || !link.endsWith(deletedMark)) return { executable: link, isDeleted: false };
  const names = proc.linksOf(`${pid}/exe`);
  if (names !== undefined && names > 0) return { executable: link, isDeleted: false };
  return { executable: link.slice(0, -deletedMark.length), isDeleted: true };
}

type Stat = Pick<
  HostProcess,
  | 'name'
  | 'state'
  | 'parent'
  | 'group'
  | 'session'
  | 'terminal'
  | 'isKernelThread'
  | 'userTicks'
  | 'systemTicks'
  | 'nice'
  | 'threads'
  | 'startTicks'
  | 'virtualBytes'
  | 'residentBytes'
>;

/** The name stands in parentheses and may itself hold some: it ends at the last one. */
function parseStat(text: string): Stat | undefined {
  const open = text.indexOf('(');
  const close = text.lastIndexOf(')');
  if (open < 0 || close < open) return undefined;
  const fields = text.slice(close + 2).split(' ');
  // The first of them is field 3 of proc(5).
  const field = (number: number): number => Number(fields[number - 3] ?? 0);
  return {
    name: text.slice(open + 1, close),
    state: fields[0] ?? '',
    parent: field(4),
    group: field(5),
    session: field(6),
    terminal: field(7),
    isKernelThread: (field(9) & kernelThreadFlag) !== 0,
    userTicks: field(14),
    systemTicks: field(15),
    nice: field(19),
    threads: field(20),
    startTicks: field(22),
    virtualBytes: field(23),
    residentBytes: field(24) * pageBytes,
  };
}

function parseStatus(text: string): Map<string, string> {
  const values = new Map<string, string>();
  for (const line of text.split('\n')) {
    const at = line.indexOf(':');
    if (at > 0) values.set(line.slice(0, at), line.slice(at + 1).trim());
  }
  return values;
}

function parseIds(text = ''): Ids {
  const [real = -1, effective = -1, saved = -1, fileSystem = -1] = text === '' ? [] : text.split('\t').map(Number);
  return { real, effective, saved, fileSystem };
}

function parseHexadecimal(text = ''): bigint {
  return /^[0-9a-f]{1,16}$/i.test(text) ? BigInt(`0x${text}`) : 0n;
}

/** Each argument ends with a NUL; a process that wrote over them may have left none. */
function parseArguments(text: string): string[] {
  if (text === '') return [];
  return (text.endsWith('\0') ? text.slice(0, -1) : text).split('\0');
}
