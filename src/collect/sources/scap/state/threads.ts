import type { DescriptorBudget } from './descriptor-table.ts';
import { DescriptorTable } from './descriptor-table.ts';
import { cloneFlag, Thread } from './thread.ts';

/** Threads that are followed at a time. */
const maxThreads = 131_072;
/** Ancestors that are looked at: a chain of parents that is longer, or goes round, ends there. */
const maxAncestors = 256;

/** All threads by their id. */
export class ThreadTable {
  readonly #threads = new Map<number, Thread>();
  readonly #budget: DescriptorBudget;
  #last: Thread | undefined;
  /** Threads that were not followed, because there were too many. */
  dropped = 0;

  constructor(budget: DescriptorBudget) {
    this.#budget = budget;
  }

  get(tid: number): Thread | undefined {
    if (this.#last?.tid === tid) return this.#last;
    const thread = this.#threads.get(tid);
    if (thread !== undefined) this.#last = thread;
    return thread;
  }

  create(tid: number): Thread {
    return new Thread(tid, new DescriptorTable(this.#budget));
  }

  /** The thread, or one of which nothing is known. Undefined when no more threads are followed. */
  getOrUnknown(tid: number): Thread | undefined {
    const known = this.get(tid);
    if (known !== undefined) return known;
    const thread = this.create(tid);
    thread.setProgram('<NA>', []);
    thread.exe = '<NA>';
    thread.pid = tid;
    thread.isUnknown = true;
    return this.add(thread) ? thread : undefined;
  }

  add(thread: Thread): boolean {
    const before = this.#threads.get(thread.tid);
    if (before === undefined && this.#threads.size >= maxThreads) {
      this.dropped++;
      return false;
    }
    if (before !== undefined) before.table.free();
    this.#threads.set(thread.tid, thread);
    this.#last = thread;
    if ((thread.flags & cloneFlag.thread) !== 0 && !thread.isMain) {
      const main = this.get(thread.pid);
      main?.members.add(thread.tid);
    }
    return true;
  }

  /** Takes a thread out. A main thread stays as long as others of its process live. */
  remove(tid: number): void {
    const thread = this.#threads.get(tid);
    if (thread === undefined) return;
    if (thread.members.size > 0) {
      thread.isClosed = true;
      return;
    }
    if ((thread.flags & cloneFlag.thread) !== 0 && !thread.isMain) {
      const main = this.#threads.get(thread.pid);
      main?.members.delete(tid);
      if (main?.isClosed === true) this.remove(main.tid);
    }
    thread.table.free();
    this.#threads.delete(tid);
    if (this.#last === thread) this.#last = undefined;
  }

  /** The main thread of a thread's process; undefined when it was never seen. */
  main(thread: Thread): Thread | undefined {
    return thread.isMain ? thread : this.get(thread.pid);
  }

  /** Descriptors of the process that the thread belongs to. */
  tableOf(thread: Thread): DescriptorTable {
    if ((thread.flags & (cloneFlag.files | cloneFlag.thread)) === 0 || thread.isMain) return thread.table;
    return this.main(thread)?.table ?? thread.table;
  }

  directoryOf(thread: Thread): string {
    return this.#directoryHolder(thread).directory;
  }

  /** A directory always ends with `/`. */
  setDirectory(thread: Thread, directory: string): void {
    this.#directoryHolder(thread).directory = directory.endsWith('/') ? directory : `${directory}/`;
  }

  #directoryHolder(thread: Thread): Thread {
    return this.main(thread) ?? thread;
  }

  parentOf(thread: Thread): Thread | undefined {
    return this.#threads.get(thread.parent);
  }

  /** The ancestor so many steps above the process: 1 is the parent. */
  ancestor(thread: Thread, steps: number): Thread | undefined {
    let at = this.main(thread);
    if (steps > maxAncestors) return undefined;
    for (let step = 0; step < steps && at !== undefined; step++) at = this.parentOf(at);
    return at;
  }

  /** All ancestors of the process from the parent upwards, each once. */
  *ancestors(thread: Thread): Generator<Thread> {
    const main = this.main(thread);
    let at = main === undefined ? undefined : this.parentOf(main);
    for (let step = 0; step < maxAncestors && at !== undefined && at !== main; step++) {
      yield at;
      const above = this.parentOf(at);
      at = above === at ? undefined : above;
    }
  }

  values(): Iterable<Thread> {
    return this.#threads.values();
  }
}
