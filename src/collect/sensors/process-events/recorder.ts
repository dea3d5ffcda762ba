/** Runs in a thread of its own, which may wait in the kernel: processes must be looked at before they end. */
import { hostname } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import type { EventOf } from '../../../events/event.ts';
import { ProcessConnector } from '../../linux/process/connector.ts';
import type { ConnectorEvent } from '../../linux/process/connector-event.ts';
import { FileHashes } from '../../linux/process/file-hashes.ts';
import { MonotonicClock } from '../../linux/process/monotonic-clock.ts';
import { ProcessTable, type KnownProcess } from '../../linux/process/process-table.ts';
import { runningPids } from '../../linux/process/proc-reader.ts';
import type { Program } from '../../linux/process/program.ts';
import { UserNames } from '../../linux/user-names.ts';
import { ExportSpool } from '../_shared/export-spool.ts';
import { hurry } from '../_shared/hurry.ts';
import type { ThreadData, ThreadMessage } from '../_shared/record-in-thread.ts';
import { rowOf, traceRow, withdraw, type Before, type RowContext } from './rows.ts';

/** Some 60,000 events. */
const bufferBytes = 32 * 1024 * 1024;
const waitMs = 200;
/** Events taken before what they say is written. */
const maxBatch = 2000;

/** A row that waits until it is sure that its program is the one that was looked at. */
interface Pending {
  readonly row: EventOf<'process'>;
  /** Of a row that tells of an exec. */
  readonly program: Program | undefined;
  /** CLOCK_MONOTONIC in nanoseconds. */
  readonly madeNs: bigint;
}

class Recorder {
  readonly #connector = new ProcessConnector(bufferBytes);
  readonly #clock = new MonotonicClock();
  readonly #table = new ProcessTable(new FileHashes(), () => this.#clock.nowNs());
  readonly #spool: ExportSpool<'process'>;
  readonly #context: RowContext;
  #containers: (readonly [number, string])[] = [];
  #pending: Pending[] = [];

  constructor(folder: string) {
    this.#spool = new ExportSpool(folder, 'process', 'process');
    this.#context = {
      hostName: hostname(),
      users: new UserNames(),
      micros: (monotonicNs) => this.#clock.micros(monotonicNs),
    };
  }

  run(stop: Int32Array): void {
    try {
      this.#table.addRunning(runningPids());
      while (Atomics.load(stop, 0) === 0) {
        if (this.#pending.length === 0) this.#connector.wait(waitMs);
        this.#take();
        this.#tell();
      }
      this.#take();
      this.#spool.write(this.#pending.map(({ row }) => row));
    } finally {
      this.#spool.close();
      this.#connector.close();
    }
  }

  /** Takes what came, and writes the rows that nothing can change any more: whatever happened before they were made has been taken. */
  #take(): void {
    let settledNs = this.#clock.nowNs();
    for (let taken = 0; ; taken++) {
      const event = this.#connector.receive();
      if (event === undefined) break;
      this.#see(event);
      if (taken < maxBatch) continue;
      settledNs = event.monotonicNs;
      break;
    }
    const open = this.#pending.findIndex(({ madeNs }) => madeNs > settledNs);
    const settled = this.#pending.splice(0, open < 0 ? this.#pending.length : open);
    for (const { row, program } of settled) if (program?.isWithdrawn === true) withdraw(row);
    this.#spool.write(settled.map(({ row }) => row));
  }

  #see(event: ConnectorEvent): void {
    const before = beforeOf(this.#table.get(event.pid), event);
    const after = this.#table.apply(event);
    const row =
      event.what === 'ptrace' ? this.#traced(event, after) : after && rowOf(event, after, before, this.#context);
    if (row === undefined) return;
    const isExec = event.what === 'exec';
    this.#pending.push({ row, program: isExec ? after?.program : undefined, madeNs: this.#clock.nowNs() });
    if (isExec && typeof after?.container === 'string') this.#containers.push([after.pid, after.container]);
  }

  #traced(
    event: ConnectorEvent & { what: 'ptrace' },
    target: KnownProcess | undefined,
  ): EventOf<'process'> | undefined {
    const tracer = event.tracer > 0 ? this.#table.find(event.tracer) : undefined;
    return tracer === undefined ? undefined : traceRow(event, tracer, target, this.#context);
  }

  #tell(): void {
    const lost = this.#connector.takeLost();
    if (lost > 0) tell({ lost, why: 'the receive buffer overran' });
    if (this.#containers.length === 0) return;
    tell({ containers: this.#containers });
    this.#containers = [];
  }
}

/** What was known of a process; nothing when it was found running and looked at after the event. */
function beforeOf(known: KnownProcess | undefined, { monotonicNs }: ConnectorEvent): Before {
  if (known === undefined || (known.startedNs === undefined && known.lookedAtNs > monotonicNs)) return nothingKnown;
  return { effectiveUser: known.effectiveUser, name: known.name };
}
const nothingKnown: Before = { effectiveUser: undefined, name: undefined };

function tell(message: ThreadMessage): void {
  parentPort?.postMessage(message);
}

hurry();
const { folder, stop } = workerData as ThreadData;
new Recorder(folder).run(stop);
