/** Runs in a thread of its own, which may wait in the kernel: who did it must be known before it ends. */
import { readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import type { EventOf } from '../../../events/event.ts';
import { happened, type FanotifyEvent } from '../../linux/fanotify/fanotify-event.ts';
import { FanotifyGroup } from '../../linux/fanotify/fanotify-group.ts';
import { HandlePaths } from '../../linux/fanotify/handle-paths.ts';
import { Waiting } from '../../linux/poll.ts';
import { FileHashes } from '../../linux/process/file-hashes.ts';
import { UserNames } from '../../linux/user-names.ts';
import { ExportSpool } from '../_shared/export-spool.ts';
import { hurry } from '../_shared/hurry.ts';
import type { ThreadData, ThreadMessage } from '../_shared/record-in-thread.ts';
import { Repeats } from '../_shared/repeats.ts';
import { Actors } from '../../linux/process/actors.ts';
import { changesOf } from './changes.ts';
import { Marks } from './marks.ts';
import { rowOf, type FileChange, type RowContext } from './rows.ts';
import { WatchedFiles } from './watched-files.ts';
import type { WatchedList } from './watched-list.ts';

const waitMs = 200;
const marksEveryMs = 2000;
const tellPlacesEveryMs = 600_000;
/** Reads of the queue before what they say is written. */
const maxReads = 8;

class Recorder {
  readonly #group = new FanotifyGroup();
  readonly #files: WatchedFiles;
  readonly #paths = new HandlePaths();
  readonly #marks: Marks;
  readonly #actors = new Actors((note) => tell({ note }));
  readonly #repeats = new Repeats();
  readonly #self = Number(readlinkSync('/proc/self'));
  readonly #waiting = new Waiting([this.#group.descriptor, ...this.#actors.descriptors]);
  readonly #spool: ExportSpool<'file_access'>;
  readonly #context: RowContext = {
    hostName: hostname(),
    users: new UserNames(),
    hashes: new FileHashes(),
    now: () => Date.now() * 1000,
    ageNs: (actor) => this.#actors.ageNs(actor),
  };
  #containers: (readonly [number, string])[] = [];
  #unknownPlaces = 0;
  #placesToldAt = performance.now();
  #markedAt = -Infinity;

  constructor(folder: string, list: WatchedList) {
    this.#files = new WatchedFiles(list);
    this.#marks = new Marks(this.#group, this.#paths, this.#files, (note) => tell({ note }));
    this.#spool = new ExportSpool(folder, 'files', 'file_access');
  }

  run(stop: Int32Array): void {
    try {
      while (Atomics.load(stop, 0) === 0) {
        this.#mark();
        this.#waiting.wait(waitMs);
        this.#take();
        this.#tell();
      }
      this.#take();
    } finally {
      this.#spool.close();
      this.#actors.close();
      this.#paths.close();
      this.#group.close();
    }
  }

  #mark(): void {
    if (performance.now() - this.#markedAt < marksEveryMs) return;
    this.#markedAt = performance.now();
    this.#marks.addFileSystems();
    this.#marks.addReadFiles();
  }

  #take(): void {
    this.#actors.update();
    const rows: EventOf<'file_access'>[] = [];
    for (let reads = 0; reads < maxReads; reads++) {
      const events = this.#group.read();
      if (events === undefined) break;
      for (const event of events) this.#see(event, rows);
    }
    this.#spool.write(rows);
  }

  #see(event: FanotifyEvent, rows: EventOf<'file_access'>[]): void {
    if ((event.mask & happened.overflow) !== 0) {
      tell({ lost: 1, why: 'the queue of the kernel overran: some changes of files more' });
      return;
    }
    if (event.pid === this.#self) return;
    for (const change of changesOf(event, this.#paths)) {
      if (change === 'unknown place') this.#unknownPlaces++;
      else if (this.#isTold(change, event.pid)) rows.push(this.#row(change, event.pid));
    }
  }

  #isTold(change: FileChange, pid: number): boolean {
    const { action, path, target } = change;
    if (action === 'create' || action === 'rename') this.#marks.reappeared(target ?? path);
    if (action === 'read' || action === 'open') return true;
    const [one, other] = [this.#files.toldOf(path), target === undefined ? 'nothing' : this.#files.toldOf(target)];
    if (one === 'nothing' && other === 'nothing') return false;
    if (action !== 'write') return true;
    return one === 'everything' && !this.#repeats.isRepeat(pid, change.isWhole === true ? 'whole' : 'part', path);
  }

  #row(change: FileChange, pid: number): EventOf<'file_access'> {
    const actor = this.#actors.find(pid);
    if (typeof actor?.container === 'string') this.#containers.push([pid, actor.container]);
    return rowOf(change, pid, actor, this.#context);
  }

  #tell(): void {
    const isDue = performance.now() - this.#placesToldAt > tellPlacesEveryMs;
    if (isDue && this.#unknownPlaces > 0) {
      this.#placesToldAt = performance.now();
      tell({ note: `${this.#unknownPlaces} changes were in folders that were gone before they could be asked for` });
      this.#unknownPlaces = 0;
    }
    if (this.#containers.length === 0) return;
    tell({ containers: this.#containers });
    this.#containers = [];
  }
}

function tell(message: ThreadMessage): void {
  parentPort?.postMessage(message);
}

hurry();
const { folder, stop, given } = workerData as ThreadData;
new Recorder(folder, given as WatchedList).run(stop);
