import { microsPerMinute, type Micros } from '../../../base/time.ts';

/** Processes that are remembered: the cache holds at least this many of those seen last, at most twice as many. */
const generationSize = 4096;
/** A command line may have megabytes; this much of it is remembered for children. */
const maxCommandLine = 4096;
/** A fork's process id is told in the caller's own id space, so it may not replace what was seen this recently. */
const trustMicros = 10 * microsPerMinute;

/** A socket of IPv4 or IPv6, with the other side's address where the log tells it. */
export interface InternetSocket {
  readonly family: 'inet' | 'inet6';
  /** `tcp` or `udp`, where the log tells how it was made. */
  readonly transport?: string;
  readonly ip?: string;
  readonly port?: number;
}

/** What the log has told about a process so far. */
export interface KnownProcess {
  readonly parentPid: number | null;
  readonly name: string | null;
  readonly executable: string | null;
  readonly commandLine: string | null;
  /** The command line is the one that the program was started with; else it is its title, cut by the kernel. */
  readonly isWhole: boolean;
  /** Effective user id. */
  readonly user: number | null;
  /** Where those run that it starts: of what starts containers not its own. A checkpoint from before this was known has none. */
  readonly container?: string | null;
  /** Capabilities since it was started, in hexadecimal digits; undefined when they may have changed, and where the log does not tell. */
  readonly effective?: string | undefined;
  readonly permitted?: string | undefined;
  /** Its sockets with their descriptors, in the order in which they were made. */
  readonly sockets?: readonly (readonly [descriptor: number, socket: InternetSocket])[] | undefined;
  readonly seen: Micros;
}

/** Processes by id, bounded: two generations, of which the older is dropped when the younger is full. */
export class Ancestry {
  #young = new Map<number, KnownProcess>();
  #old = new Map<number, KnownProcess>();

  get(pid: number): KnownProcess | undefined {
    const found = this.#young.get(pid);
    if (found !== undefined) return found;
    const older = this.#old.get(pid);
    if (older !== undefined) this.#put(pid, older);
    return older;
  }

  /** A process was seen doing something. Its command line changes only by `exec`. */
  see(pid: number, now: Omit<KnownProcess, 'seen'>, time: Micros): void {
    const known = this.get(pid);
    const isSame =
      known !== undefined &&
      known.name === now.name &&
      known.executable === now.executable &&
      known.parentPid === now.parentPid &&
      known.user === now.user &&
      known.container === now.container &&
      known.commandLine === now.commandLine &&
      known.isWhole === now.isWhole &&
      known.sockets === now.sockets &&
      known.effective === now.effective &&
      known.permitted === now.permitted &&
      time - known.seen < trustMicros / 2;
    if (isSame) return;
    this.#put(pid, {
      parentPid: now.parentPid,
      name: own(now.name),
      executable: own(now.executable),
      commandLine: own(now.commandLine),
      isWhole: now.isWhole,
      user: now.user,
      container: own(now.container ?? null),
      ...(now.effective === undefined ? {} : { effective: now.effective, permitted: now.permitted }),
      ...(now.sockets === undefined ? {} : { sockets: now.sockets }),
      seen: time,
    });
  }

  /** A process was started by another, and is a copy of it until it calls `exec`. */
  fork(child: number, parent: number, time: Micros): void {
    const origin = this.get(parent);
    const known = this.get(child);
    if (origin === undefined || (known !== undefined && time - known.seen < trustMicros)) return;
    this.#put(child, { ...origin, parentPid: parent, seen: time });
  }

  /** A process of which nothing is known but that it holds a container: it is the parent of the runtime that began it. */
  holds(pid: number, container: string, time: Micros): void {
    const unknown = { parentPid: null, name: null, executable: null, commandLine: null, isWhole: false, user: null };
    this.#put(pid, { ...unknown, ...this.get(pid), container: own(container), seen: time });
  }

  /** Entries, those used last first. */
  *entries(): Generator<readonly [number, KnownProcess]> {
    const young = [...this.#young].reverse();
    yield* young;
    for (const entry of [...this.#old].reverse()) if (!this.#young.has(entry[0])) yield entry;
  }

  restore(entries: readonly (readonly [number, KnownProcess])[]): void {
    for (const [pid, process] of entries.toReversed()) this.#young.set(pid, process);
  }

  #put(pid: number, process: KnownProcess): void {
    this.#young.set(pid, process);
    if (this.#young.size < generationSize) return;
    this.#old = this.#young;
    this.#young = new Map();
  }
}

/** A bounded copy that does not keep the block of the log alive that it was cut from. */
function own(text: string | null): string | null {
  if (text === null || text.length < 13) return text;
  return Buffer.from(text.slice(0, maxCommandLine), 'utf8').toString('utf8');
}
