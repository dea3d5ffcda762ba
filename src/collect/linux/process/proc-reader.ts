import { closeSync, openSync, readSync, readdirSync, readlinkSync, statSync } from 'node:fs';
import { loaderVariables, proxyVariables } from '../../../events/told-variables.ts';
import { containerInCgroup } from '../container-of.ts';

/** Bytes read of one file: a command line may have megabytes. */
const maxBytes = 32_768;
const buffer = Buffer.allocUnsafe(maxBytes);

/** A file of `/proc/PID`; undefined when the process is gone or not ours to see. `isCut` when there was more. */
function read(pid: number, name: string): { readonly text: string; readonly isCut: boolean } | undefined {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(`/proc/${pid}/${name}`, 'r');
    const count = readSync(descriptor, buffer, 0, maxBytes, null);
    return { text: buffer.toString('utf8', 0, count), isCut: count === maxBytes };
  } catch {
    return undefined;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

function link(pid: number, name: string): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/${name}`);
  } catch {
    return undefined;
  }
}

/** Processes that are there now. */
export function runningPids(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d{1,10}$/.test(name))
    .map(Number);
}

/** What stands in `/proc/PID/stat`, as far as it is used. */
export interface ProcStat {
  readonly name: string;
  readonly parentPid: number;
  /** As a device number; 0 for none. */
  readonly terminal: number;
  /** Since the machine was started, in the hundredths of a second that Linux counts in. */
  readonly startedTicks: number;
}

export function readStat(pid: number): ProcStat | undefined {
  const text = read(pid, 'stat')?.text;
  if (text === undefined) return undefined;
  // The name stands in parentheses and may itself hold some: it ends at the last one.
  const [open, close] = [text.indexOf('('), text.lastIndexOf(')')];
  if (open < 0 || close < open) return undefined;
  const fields = text.slice(close + 2).split(' ', 20);
  return {
    name: text.slice(open + 1, close),
    parentPid: Number(fields[1]),
    terminal: Number(fields[4]),
    startedTicks: Number(fields[19]),
  };
}

/** The file that runs, as the kernel names it: with ` (deleted)` when it has no name any more. */
export function readExecutable(pid: number): string | undefined {
  return link(pid, 'exe');
}

export function readWorkingDirectory(pid: number): string | undefined {
  return link(pid, 'cwd');
}

/** The folder that chroot(2) gave it for a root; `/` for one that has ours, or mounts of its own. Undefined when it is gone. */
export function readRoot(pid: number): string | undefined {
  return link(pid, 'root');
}

/** Which file it is, whatever it is called: a file without a name too. */
export interface FileIdentity {
  readonly device: bigint;
  readonly inode: bigint;
  readonly size: bigint;
  readonly modifiedNs: bigint;
  readonly changedNs: bigint;
}

export function readExecutableIdentity(pid: number): FileIdentity | undefined {
  try {
    const { dev, ino, size, mtimeNs, ctimeNs } = statSync(`/proc/${pid}/exe`, { bigint: true });
    return { device: dev, inode: ino, size, modifiedNs: mtimeNs, changedNs: ctimeNs };
  } catch {
    return undefined;
  }
}

/** Arguments are bounded in bytes and number; undefined when the process is gone. Empty for the kernel's own threads. */
export function readArguments(pid: number): { readonly args: readonly string[]; readonly isCut: boolean } | undefined {
  const found = read(pid, 'cmdline');
  if (found === undefined) return undefined;
  const { text, isCut } = found;
  const args = text === '' ? [] : (text.endsWith('\0') ? text.slice(0, -1) : text).split('\0', maxArguments + 1);
  return { args: args.slice(0, maxArguments), isCut: isCut || args.length > maxArguments };
}
const maxArguments = 1024;

/** Those of an environment that are told. */
const toldNames: readonly string[] = [...loaderVariables, ...proxyVariables];
const toldStarts = ['LD_', 'GCONV_', 'GLIBC_', '_PROXY=', '_proxy='].map((text) => Buffer.from(text));
/** An environment may have megabytes; what stands behind this is not looked at, and that is told. */
const maxEnvironmentBytes = 256 * 1024;
const maxValueLength = 1000;
const environment = Buffer.allocUnsafe(maxEnvironmentBytes);

/** What the environment of a program says of the libraries that it loads, and of proxies. Nothing else of an environment is kept: it has secrets. */
export interface LoaderVariables {
  /** By name, without empty ones; values are cut at 1,000 characters. */
  readonly values: Readonly<Record<string, string>>;
  readonly isCut: boolean;
}

/** As the process was given it; undefined when it is gone, not ours to see, or has neither. */
export function readLoaderVariables(pid: number): LoaderVariables | undefined {
  let descriptor: number | undefined;
  let length = 0;
  try {
    descriptor = openSync(`/proc/${pid}/environ`, 'r');
    // The kernel gives a page at a time.
    for (let count = -1; count !== 0 && length < maxEnvironmentBytes; length += count) {
      count = readSync(descriptor, environment, length, maxEnvironmentBytes - length, null);
    }
  } catch {
    return undefined;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
  const isCut = length === maxEnvironmentBytes;
  const bytes = environment.subarray(0, length);
  const values = toldStarts.some((start) => bytes.includes(start)) ? loaderValues(bytes.toString('utf8'), isCut) : {};
  return isCut || Object.keys(values).length > 0 ? { values, isCut } : undefined;
}

/** The first of a name counts, as for the loader. */
function loaderValues(text: string, isCut: boolean): Record<string, string> {
  const values: Record<string, string> = {};
  const entries = text.split('\0');
  for (const [at, entry] of entries.entries()) {
    const name = toldNames.find((wanted) => entry.startsWith(`${wanted}=`));
    if (name === undefined || entry.length === name.length + 1) continue;
    const value = entry.slice(name.length + 1);
    const isProxy = proxyVariables.some((variable) => variable === name);
    // Of one that is cut nobody knows where its password would end.
    if (isProxy && isCut && at === entries.length - 1) continue;
    values[name] ??= (isProxy ? withoutLogin(value) : value).slice(0, maxValueLength);
  }
  return values;
}

/** The address of a proxy without the name and password before it, whether a scheme stands there or not. */
function withoutLogin(value: string): string {
  const scheme = /^\w+:\/\//.exec(value)?.[0] ?? '';
  return scheme + value.slice(Math.max(scheme.length, value.lastIndexOf('@') + 1));
}

/** Its container; null for a process of the host, undefined when it is gone. */
export function readContainer(pid: number): string | null | undefined {
  const found = read(pid, 'cgroup');
  return found === undefined ? undefined : (containerInCgroup(found.text) ?? null);
}

/** The login user, -1 for none; undefined when the process is gone or the kernel keeps none. */
export function readLogin(pid: number): number | undefined {
  const text = read(pid, 'loginuid')?.text;
  if (text === undefined || !/^\d{1,10}$/.test(text.trim())) return undefined;
  const id = Number(text);
  return id === 4_294_967_295 ? -1 : id;
}

/** What a process is, and what it may, beside what it runs. */
export interface Standing {
  readonly realUser: number;
  readonly effectiveUser: number;
  /** Capabilities as masks of hexadecimal digits. */
  readonly effective: string;
  readonly permitted: string;
  readonly inheritable: string;
  /** Its id, and that of its group, as its own container knows them. */
  readonly ownPid: number;
  readonly ownGroup: number;
}

/** Undefined when the process is gone. */
export function readStanding(pid: number): Standing | undefined {
  const text = read(pid, 'status')?.text;
  if (text === undefined) return undefined;
  const users = /^Uid:\t(?<real>\d+)\t(?<effective>\d+)/m.exec(text)?.groups;
  if (users === undefined) return undefined;
  return {
    realUser: Number(users['real']),
    effectiveUser: Number(users['effective']),
    effective: maskIn(text, 'CapEff'),
    permitted: maskIn(text, 'CapPrm'),
    inheritable: maskIn(text, 'CapInh'),
    ownPid: lastIn(text, 'NSpid'),
    ownGroup: lastIn(text, 'NSpgid'),
  };
}

/** Without the zeros that it begins with. */
function maskIn(status: string, name: string): string {
  return lineIn(status, name).replace(/^0+(?=.)/, '');
}

/** The last of the numbers: that of the innermost namespace. */
function lastIn(status: string, name: string): number {
  const numbers = lineIn(status, name);
  return Number(numbers.slice(numbers.lastIndexOf('\t') + 1));
}

function lineIn(status: string, name: string): string {
  const at = status.indexOf(`\n${name}:\t`);
  const start = at + name.length + 3;
  return at < 0 ? '' : status.slice(start, status.indexOf('\n', start));
}
