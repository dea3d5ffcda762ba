import type { ConnectorEvent } from './connector-event.ts';
import type { FileHashes } from './file-hashes.ts';
import { readContainer, readLogin, readStanding, readStat, type Standing } from './proc-reader.ts';
import { readProgram, unknownProgram, withdrawProgram, type Program, type ProgramHashes } from './program.ts';
import { Shells } from './shells.ts';
import { UpperLayers } from './upper-layers.ts';

/** Ancestors that are told and kept. */
const maxAncestors = 32;
/** Processes that have ended and are still known: what they did may be told after them. */
const maxEnded = 8192;
/** Bound of the whole table, over what a kernel allows by default (`pid_max`). */
const maxProcesses = 200_000;

/** `USER_HZ` is 100 on all that Linux runs on here. */
const nanosPerTick = 10_000_000n;

/** A process as it was seen to come into being: its parent is the one that started it, also when that has ended. */
export interface KnownProcess {
  readonly pid: number;
  readonly parent: KnownProcess | undefined;
  readonly depth: number;
  /** CLOCK_MONOTONIC in nanoseconds; undefined when it ran already. */
  readonly startedNs: bigint | undefined;
  /** The same for one that was there before us too, to a hundredth of a second. */
  readonly bornNs: bigint | undefined;
  name: string | undefined;
  program: Program;
  /** It has called exec itself. */
  hasExecuted: boolean;
  /** When its program was looked at: CLOCK_MONOTONIC in nanoseconds. */
  lookedAtNs: bigint;
  /** null for a process of the host, undefined when it was not told. */
  container: string | null | undefined;
  realUser: number | undefined;
  effectiveUser: number | undefined;
  /** -1 for none. */
  login: number | undefined;
  /** As it was when it was looked at, or when its user changed. That of a copy that runs the same program is its parent's, but for the ids. */
  standing: Standing | undefined;
  /** Its program was written after its container began; undefined for one of the host, and where it cannot be told. */
  isUpperLayer: boolean | undefined;
}

/** All processes of the machine with those that started them, kept by what the process connector tells. */
export class ProcessTable {
  readonly #byPid = new Map<number, KnownProcess>();
  readonly #ended: KnownProcess[] = [];
  readonly #layers = new UpperLayers();
  readonly #hashes: ProgramHashes | undefined;
  readonly #nowNs: () => bigint;

  /** `nowNs` is CLOCK_MONOTONIC. Without `hashes` nothing is hashed. */
  constructor(hashes: FileHashes | undefined, nowNs: () => bigint) {
    const of = hashes?.of.bind(hashes);
    this.#hashes = of && { of, shells: new Shells(of) };
    this.#nowNs = nowNs;
  }

  /** Takes down the processes that run. To be called once, when events have begun to come. */
  addRunning(pids: Iterable<number>): void {
    for (const pid of pids) if (!this.#byPid.has(pid)) this.#lookUp(pid, 0);
  }

  get(pid: number): KnownProcess | undefined {
    return this.#byPid.get(pid);
  }

  /** The process, asked of the kernel when it is not known; undefined when it is gone. */
  find(pid: number): KnownProcess | undefined {
    return this.#byPid.get(pid) ?? this.#lookUp(pid, 0);
  }

  /** Takes an event in; gives the process that it is about, with what it is from then on. */
  apply(event: ConnectorEvent): KnownProcess | undefined {
    switch (event.what) {
      case 'fork':
        return event.childPid === event.childThread ? this.#fork(event) : undefined;
      case 'exec':
        return this.#exec(event);
      case 'uid': {
        const known = this.find(event.pid);
        if (known === undefined) return undefined;
        known.realUser = event.real;
        known.effectiveUser = event.effective;
        known.standing = readStanding(event.pid);
        return known;
      }
      case 'comm': {
        if (event.pid !== event.thread) return undefined;
        const known = this.find(event.pid);
        if (known !== undefined) known.name = event.comm;
        return known;
      }
      case 'exit':
        return event.pid === event.thread ? this.#exit(event.pid) : undefined;
      case 'ptrace':
      case 'gid':
      case 'session':
      case 'coredump':
        return this.find(event.pid);
      case 'listening':
        return undefined;
    }
  }

  #fork({ pid, childPid, monotonicNs }: ConnectorEvent & { what: 'fork' }): KnownProcess {
    const parent = this.find(pid);
    const known: KnownProcess = {
      pid: childPid,
      parent: shortened(parent),
      depth: Math.min((parent?.depth ?? -1) + 1, 2 * maxAncestors),
      startedNs: monotonicNs,
      bornNs: monotonicNs,
      name: parent?.name,
      program: parent?.program ?? unknownProgram(),
      hasExecuted: false,
      lookedAtNs: 0n,
      container: parent?.container,
      realUser: parent?.realUser,
      effectiveUser: parent?.effectiveUser,
      login: parent?.login,
      standing: parent?.standing,
      isUpperLayer: parent?.isUpperLayer,
    };
    this.#put(known);
    return known;
  }

  #exec({ pid, monotonicNs }: ConnectorEvent): KnownProcess {
    const before = this.#byPid.get(pid);
    const known = before ?? this.#lookUp(pid, 0) ?? this.#unseen(pid);
    const rootBefore = known.program.root;
    // It was looked at when it had called exec a second time: what was seen is of the second program, not of the first.
    if (before !== undefined && before.lookedAtNs > monotonicNs) withdrawProgram(before.program);
    // First, as a short command is soon gone. A container is entered before exec; nobody leaves one by itself.
    known.container ??= readContainer(pid);
    const { name, ...program } = readProgram(pid, this.#hashes);
    // A root is inherited: of one that is gone before it can be asked, that of what it ran before is known.
    program.root ??= rootBefore;
    known.lookedAtNs = this.#nowNs();
    known.hasExecuted = true;
    known.name = name;
    known.program = program;
    // A login user is set once, by what logs people in.
    if (known.login === undefined || known.login === -1) known.login = readLogin(pid);
    known.standing = readStanding(pid);
    known.isUpperLayer = this.#isUpperLayer(known);
    return known;
  }

  #exit(pid: number): KnownProcess | undefined {
    const known = this.#byPid.get(pid);
    if (known === undefined) return undefined;
    this.#ended.push(known);
    if (this.#ended.length > 2 * maxEnded) {
      for (const old of this.#ended.splice(0, maxEnded)) {
        if (this.#byPid.get(old.pid) === old) this.#byPid.delete(old.pid);
      }
    }
    return known;
  }

  #lookUp(pid: number, depth: number): KnownProcess | undefined {
    const stat = readStat(pid);
    if (stat === undefined) return undefined;
    const isFirst = stat.parentPid === 0 || depth > maxAncestors;
    const parent = isFirst ? undefined : (this.#byPid.get(stat.parentPid) ?? this.#lookUp(stat.parentPid, depth + 1));
    const standing = readStanding(pid);
    const { name, ...program } = readProgram(pid, undefined);
    const known: KnownProcess = {
      pid,
      parent: shortened(parent),
      depth: Math.min((parent?.depth ?? -1) + 1, 2 * maxAncestors),
      startedNs: undefined,
      bornNs: Number.isSafeInteger(stat.startedTicks) ? BigInt(stat.startedTicks) * nanosPerTick : undefined,
      name: name ?? stat.name,
      program,
      hasExecuted: false,
      lookedAtNs: this.#nowNs(),
      container: readContainer(pid),
      realUser: standing?.realUser,
      effectiveUser: standing?.effectiveUser,
      login: readLogin(pid),
      standing,
      isUpperLayer: undefined,
    };
    known.isUpperLayer = this.#isUpperLayer(known);
    this.#put(known);
    return known;
  }

  /** One of which only its event tells: its beginning was lost, and it has ended. */
  #unseen(pid: number): KnownProcess {
    const known: KnownProcess = {
      pid,
      parent: undefined,
      depth: 0,
      startedNs: undefined,
      bornNs: undefined,
      name: undefined,
      program: unknownProgram(),
      hasExecuted: false,
      lookedAtNs: 0n,
      container: undefined,
      realUser: undefined,
      effectiveUser: undefined,
      login: undefined,
      standing: undefined,
      isUpperLayer: undefined,
    };
    this.#put(known);
    return known;
  }

  #isUpperLayer({ pid, container, program: { executable } }: KnownProcess): boolean | undefined {
    if (typeof container !== 'string' || executable === undefined) return undefined;
    return this.#layers.holdsProgram(pid, container, executable);
  }

  #put(known: KnownProcess): void {
    this.#byPid.set(known.pid, known);
    if (this.#byPid.size > maxProcesses) this.#byPid.delete(this.#byPid.keys().next().value ?? 0);
  }
}

/** Those that started it, the nearest first. */
export function ancestorsOf(known: KnownProcess): KnownProcess[] {
  const ancestors: KnownProcess[] = [];
  for (let at = known.parent; at !== undefined && ancestors.length < maxAncestors; at = at.parent) ancestors.push(at);
  return ancestors;
}

/** A parent whose line is not longer than is told: a program that starts itself anew without end would hold all its former selves. */
function shortened(parent: KnownProcess | undefined): KnownProcess | undefined {
  if (parent === undefined || parent.depth < 2 * maxAncestors - 1) return parent;
  let copy: KnownProcess | undefined;
  let depth = 0;
  for (const ancestor of [
    ...ancestorsOf(parent)
      .slice(0, maxAncestors - 1)
      .reverse(),
    parent,
  ]) {
    copy = { ...ancestor, parent: copy, depth: depth++ };
  }
  return copy;
}
