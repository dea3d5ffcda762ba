import {
  readArguments,
  readExecutable,
  readExecutableIdentity,
  readLoaderVariables,
  readRoot,
  readStat,
  readWorkingDirectory,
  type FileIdentity,
  type LoaderVariables,
} from './proc-reader.ts';
import type { Shells } from './shells.ts';
import { readNetworkInput, type NetworkInput } from './standard-input.ts';

/** Parts of a program that could not be read. */
export type Unread = 'executable' | 'file' | 'args' | 'working_directory' | 'name' | 'container';

/** What a process runs since its last exec. Its children share it until they call exec themselves. */
export interface Program {
  readonly executable: string | undefined;
  readonly file: FileIdentity | undefined;
  readonly args: readonly string[] | undefined;
  readonly isArgsCut: boolean;
  readonly workingDirectory: string | undefined;
  /** The folder that is its root: `/` but after chroot(2). */
  root: string | undefined;
  /** As a device number; 0 for none. */
  readonly terminal: number;
  readonly hash: string | undefined;
  /** Undefined too where it is not looked at. */
  readonly loader: LoaderVariables | undefined;
  /** Looked at for shells, where hashes are made. */
  readonly input: NetworkInput | undefined;
  /** What stayed unknown because the process was gone or had gone on. */
  readonly unread: readonly Unread[];
  /** What was seen is of a later program: nothing is known of this one. */
  readonly isWithdrawn: boolean;
}

export interface NamedProgram extends Program {
  readonly name: string | undefined;
}

const nothing: Program = {
  executable: undefined,
  file: undefined,
  args: undefined,
  isArgsCut: false,
  workingDirectory: undefined,
  root: undefined,
  terminal: 0,
  hash: undefined,
  loader: undefined,
  input: undefined,
  unread: ['executable', 'file', 'args', 'working_directory', 'name'],
  isWithdrawn: false,
};

/** A program of which nothing is known but that it was started. */
export function unknownProgram(): Program {
  return { ...nothing };
}

/** Says that what was seen of a program is of another; for all that hold it. */
export function withdrawProgram(program: Program): void {
  Object.assign(program, nothing, { isWithdrawn: true });
}

/** Makes hashes, and knows shells by theirs. */
export interface ProgramHashes {
  of(path: string, file: FileIdentity): string | undefined;
  readonly shells: Shells;
}

/** Reads what a process runs now: what vanishes with it first. `hashes` is undefined where neither hash nor environment is wanted. */
export function readProgram(pid: number, hashes: ProgramHashes | undefined): NamedProgram {
  const executable = readExecutable(pid);
  const root = readRoot(pid);
  const found = readArguments(pid);
  // What has ended and was not waited for shows neither program nor arguments.
  const args = executable === undefined && found?.args.length === 0 ? undefined : found?.args;
  const loader = hashes === undefined ? undefined : readLoaderVariables(pid);
  const isShell = hashes?.shells.isNamed(executable) === true;
  const inputOfShell = isShell ? readNetworkInput(pid) : undefined;
  const file = readExecutableIdentity(pid);
  const stat = readStat(pid);
  const workingDirectory = readWorkingDirectory(pid);
  const hash = file === undefined ? undefined : hashes?.of(`/proc/${pid}/exe`, file);
  if (isShell) hashes?.shells.learn(hash);
  // Under another name it is known by its content only, which takes longer.
  const input = !isShell && hashes?.shells.isCopy(hash) === true ? readNetworkInput(pid) : inputOfShell;
  return {
    name: stat?.name,
    executable,
    file,
    args,
    isArgsCut: found?.isCut ?? false,
    workingDirectory,
    root,
    terminal: stat?.terminal ?? 0,
    hash,
    loader,
    input,
    unread: unreadOf({ executable, file, args, working_directory: workingDirectory, name: stat }),
    isWithdrawn: false,
  };
}

function unreadOf(parts: Partial<Record<Unread, unknown>>): Unread[] {
  return (Object.keys(parts) as Unread[]).filter((part) => parts[part] === undefined);
}
