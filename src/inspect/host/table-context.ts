import { existsSync } from 'node:fs';
import type { Problem, ProblemCode } from '../../base/problem.ts';
import { ProblemList } from '../../base/problem.ts';
import type { UserQueryResult } from '../../store/store.ts';
import { maxReadBytes, type FileTree } from '../tree/tree.ts';
import { Accounts } from './accounts.ts';
import { engineSockets } from '../../base/engine-client.ts';
import { EngineAnswers } from './engine-answers.ts';
import { ProcFolder } from './proc/proc-folder.ts';
import type { HostRow } from './host-row.ts';

/** What was written down of a machine when it ran. */
export interface RecordedHost {
  readonly proc: ProcFolder;
  /** Rows of tables that only the running machine could fill, by name. */
  readonly tables: ReadonlyMap<string, readonly HostRow[]>;
}

/** A case whose events a query may read beside the machine. */
export interface CaseSource {
  /** Our own SQL, answered with at most so many rows. */
  ask(sql: string, maxRows: number): Promise<UserQueryResult>;
}

/** What is asked beside the files and the kernel. */
export interface Beside {
  readonly case?: CaseSource | undefined;
  /** Sockets of container engines; default: those of this machine, where the tree is this machine. */
  readonly engineSockets?: readonly string[];
}

/** What host tables see: one root, what was already read of it, and where problems go. */
export class TableContext {
  readonly tree: FileTree;
  /** The kernel's own account of the running machine: for tables that need `live`. */
  readonly proc: ProcFolder;
  /** Absent where no case goes with the machine. */
  readonly case: CaseSource | undefined;
  /** Problems of files beyond the first of each code are counted. */
  readonly #problems = new ProblemList();
  readonly #recorded: RecordedHost['tables'] | undefined;
  #accounts: Accounts | undefined;
  readonly #engineSockets: readonly string[] | undefined;
  #engines: EngineAnswers | undefined;
  #groupNames: ReadonlyMap<number, string> | undefined;

  constructor(tree: FileTree, recorded?: Partial<RecordedHost>, beside: Beside = {}) {
    this.tree = tree;
    this.case = beside.case;
    this.#engineSockets = beside.engineSockets;
    this.proc = recorded?.proc ?? new ProcFolder();
    this.#recorded = recorded?.tables;
  }

  /** Rows of a table as they were written down; undefined for a machine that is asked itself. */
  recordedRows(table: string): readonly HostRow[] | undefined {
    return this.#recorded?.get(table);
  }

  /** The tree is this machine, now: /proc and /sys are its own. */
  get isLive(): boolean {
    return this.tree.kind === 'live';
  }

  /** Container engines of this machine; none answers for a root that does not run. */
  get engines(): EngineAnswers {
    this.#engines ??= new EngineAnswers(
      this.#engineSockets ?? (this.isLive ? engineSockets.filter((socket) => existsSync(socket)) : []),
      (socket, message) => this.complain('unreadable', socket, message),
    );
    return this.#engines;
  }

  get accounts(): Accounts {
    this.#accounts ??= new Accounts(this.tree);
    return this.#accounts;
  }

  /** Name of an account or a group by its number; null when it has none. */
  userName(uid: number): string | null {
    return this.accounts.withUid(uid)?.name ?? null;
  }

  groupName(gid: number): string | null {
    this.#groupNames ??= new Map(this.accounts.groups.toReversed().map((group) => [group.gid, group.name]));
    return this.#groupNames.get(gid) ?? null;
  }

  /** A file as text, bytes that are no UTF-8 replaced; undefined when there is none. What stands behind `maxBytes` is told. */
  text(path: string, maxBytes = maxReadBytes): string | undefined {
    const bytes = this.tree.read(path, maxBytes);
    if (bytes === undefined) return undefined;
    if (bytes.length === maxBytes && (this.tree.stat(path)?.size ?? 0) > maxBytes) {
      this.complain('limit-reached', path, `only the first ${maxBytes} bytes were read`);
    }
    return bytes.toString('utf8');
  }

  /** Lines of a text file without line ends; empty when there is none. */
  lines(path: string): string[] {
    const text = this.text(path);
    return text === undefined ? [] : text.split(/\r?\n/);
  }

  complain(code: ProblemCode, path: string, message: string): void {
    this.#problems.add({ code, at: { path }, message });
  }

  /** What could not be read so far; empties the list. */
  drainProblems(): Problem[] {
    for (const { code, path, message } of this.tree.drainProblems()) this.complain(code, path, message);
    return this.#problems.drain();
  }
}
