import { readDescriptors, socketInodeOf, type Descriptor } from './descriptors.ts';
import { readMemoryMap, type Mapping } from './memory-map.ts';
import type { ProcFolder } from './proc-folder.ts';
import { readProcesses, type HostProcess } from './process.ts';
import { readSockets, type HostSocket } from './sockets.ts';

/** A socket that a process holds, with its descriptor. */
export interface HeldSocket {
  readonly process: HostProcess;
  readonly descriptor: number;
  readonly socket: HostSocket;
}

/** Which processes belong to what is looked at. */
export interface LiveScope {
  /** Id of the process that looks: it does not judge itself. */
  readonly self?: number;
  /** Only processes whose root is this folder; their paths are told from there. `/` takes all. */
  readonly root?: string;
  /** Only processes in this mount namespace, by what its link says. */
  readonly mountNamespace?: string;
}

/** The processes of a running host (or of a root or container on it) and the sockets they hold, read once, when first asked for. */
export class LiveHost {
  readonly proc: ProcFolder;
  readonly #scope: LiveScope;
  #processes: readonly HostProcess[] | undefined;
  #held: readonly HeldSocket[] | undefined;
  readonly #descriptors = new Map<number, readonly Descriptor[]>();

  constructor(proc: ProcFolder, scope: LiveScope = {}) {
    this.proc = proc;
    this.#scope = scope;
  }

  /** Whether the whole host is looked at, so that what the kernel says of itself belongs to it. */
  get isWholeHost(): boolean {
    return this.#scope.mountNamespace === undefined && (this.#scope.root ?? '/') === '/';
  }

  processes(): readonly HostProcess[] {
    this.#processes ??= [...this.#readProcesses()];
    return this.#processes;
  }

  withPid(pid: number): HostProcess | undefined {
    return this.processes().find((process) => process.pid === pid);
  }

  /** Sockets with their holders; one line for each descriptor. */
  held(): readonly HeldSocket[] {
    this.#held ??= [...this.#readHeld()];
    return this.#held;
  }

  descriptors(pid: number): readonly Descriptor[] {
    const known = this.#descriptors.get(pid) ?? [...readDescriptors(this.proc, pid)];
    this.#descriptors.set(pid, known);
    return known;
  }

  /** What it has mapped, by the paths that the process itself sees. */
  *mappings(pid: number): Generator<Mapping> {
    const { root = '/' } = this.#scope;
    for (const mapping of readMemoryMap(this.proc, pid)) {
      yield root === '/' ? mapping : { ...mapping, path: below(root, mapping.path) ?? '' };
    }
  }

  /** True for a process in a container: its paths lead to other files than the same paths of the host. */
  isElsewhere({ pid }: HostProcess): boolean {
    const wanted = this.#scope.mountNamespace ?? this.proc.link('self/ns/mnt');
    const own = this.proc.link(`${pid}/ns/mnt`);
    if (this.#scope.root !== undefined && this.#scope.root !== '/') return false;
    return wanted !== undefined && own !== undefined && own !== wanted;
  }

  *#readProcesses(): Generator<HostProcess> {
    const { self, root = '/', mountNamespace } = this.#scope;
    for (const process of readProcesses(this.proc)) {
      if (process.pid === self) continue;
      if (mountNamespace !== undefined && this.proc.link(`${process.pid}/ns/mnt`) !== mountNamespace) continue;
      if (root === '/') yield process;
      else if (process.root === root) {
        yield { ...process, executable: below(root, process.executable), cwd: below(root, process.cwd) };
      }
    }
  }

  *#readHeld(): Generator<HeldSocket> {
    const processes = this.processes();
    const byInode = new Map<number, HostSocket>();
    const pids = processes.map(({ pid }) => pid);
    for (const socket of readSockets(this.proc, pids)) {
      if (socket.inode !== 0) byInode.set(socket.inode, socket);
    }
    for (const process of processes) {
      for (const { number, target } of this.descriptors(process.pid)) {
        const socket = byInode.get(socketInodeOf(target) ?? -1);
        if (socket !== undefined) yield { process, descriptor: number, socket };
      }
    }
  }
}

/** A path as its process sees it, which lives in a folder of ours. */
function below(root: string, path: string | undefined): string | undefined {
  return path?.startsWith(`${root}/`) === true ? path.slice(root.length) : path;
}
