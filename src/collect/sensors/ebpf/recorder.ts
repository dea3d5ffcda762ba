/** Runs in a thread of its own, which may wait in the kernel: the ring is emptied whatever the main thread does. */
import { readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import type { EventOf } from '../../../events/event.ts';
import { BpfObject } from '../../linux/ebpf/bpf-object.ts';
import { RingReader } from '../../linux/ebpf/ring-reader.ts';
import { Waiting } from '../../linux/poll.ts';
import { Actors } from '../../linux/process/actors.ts';
import { MonotonicClock } from '../../linux/process/monotonic-clock.ts';
import { UpperLayers } from '../../linux/process/upper-layers.ts';
import { UserNames } from '../../linux/user-names.ts';
import { ExportSpool } from '../_shared/export-spool.ts';
import { hurry } from '../_shared/hurry.ts';
import type { ThreadData, ThreadMessage } from '../_shared/record-in-thread.ts';
import { Repeats } from '../_shared/repeats.ts';
import { readAddress } from './address.ts';
import { findCompiler, withProgram } from './build.ts';
import { readRecord, type CallRecord } from './record.ts';
import { callRow, isReading, programRow, type CallEvent, type RowContext } from './rows.ts';
import { callsOfMachine, secretKeys, tableRows, type WantedCall } from './wanted-calls.ts';

/** As `calls.bpf.c` says. */
const ringBytes = 8 * 1024 * 1024;
const waitMs = 200;
const lostEveryMs = 1000;
const maxBatch = 2000;
const packetFamily = 17n;

/** Written to by everything, and no files. */
const devices = new Set(['/dev/null', '/dev/tty', '/dev/zero', '/dev/ptmx', '/dev/stdout', '/dev/stderr']);

class Recorder {
  readonly #program: BpfObject;
  readonly #ring: RingReader;
  readonly #waiting: Waiting;
  readonly #calls = callsOfMachine();
  readonly #actors = new Actors((note) => tell({ note }));
  readonly #repeats = new Repeats();
  readonly #clock = new MonotonicClock();
  readonly #self = Number(readlinkSync('/proc/self'));
  readonly #context: RowContext = {
    hostName: hostname(),
    users: new UserNames(),
    layers: new UpperLayers(),
    micros: (monotonicNs) => this.#clock.micros(monotonicNs),
  };
  readonly #spools: Spools;
  #rows: CallEvent[] = [];
  #containers: (readonly [number, string])[] = [];
  #lost = 0n;
  #lostAskedAt = performance.now();

  constructor(folder: string, program: BpfObject) {
    this.#program = program;
    const table = program.mapDescriptor('table');
    for (const { key, value } of tableRows(this.#calls)) program.update(table, key, value);
    const secrets = program.mapDescriptor('secrets');
    for (const key of secretKeys()) program.update(secrets, key, Buffer.of(1));
    const ring = program.mapDescriptor('ring');
    this.#ring = new RingReader(ring, ringBytes);
    this.#waiting = new Waiting([ring, ...this.#actors.descriptors]);
    this.#spools = new Spools(folder);
    program.attach();
  }

  run(stop: Int32Array): void {
    try {
      while (Atomics.load(stop, 0) === 0) {
        this.#waiting.wait(waitMs);
        this.#take();
        this.#tell();
      }
      this.#take();
    } finally {
      this.#spools.close();
      this.#actors.close();
      this.#ring.close();
      this.#program.close();
    }
  }

  #take(): void {
    this.#actors.update();
    this.#ring.read((bytes) => this.#see(bytes), maxBatch);
    this.#spools.write(this.#rows);
    this.#rows = [];
  }

  #see(bytes: Buffer): void {
    const record = readRecord(bytes);
    if (record === undefined || record.pid === this.#self) return;
    if ('argv' in record) {
      this.#rows.push(programRow(record, this.#actorOf(record), this.#context));
      return;
    }
    const call = this.#calls.callOf(record);
    if (call === undefined || this.#isNoise(record, call)) return;
    this.#rows.push(callRow(record, call, this.#actorOf(record), this.#context));
  }

  /** Devices that everybody writes to, talk with the kernel, and what was told not long ago. */
  #isNoise(record: CallRecord, call: WantedCall): boolean {
    const {
      pid,
      args,
      texts: [first],
      block,
    } = record;
    const { name } = call;
    if (name === 'socket') return args[0] !== packetFamily;
    const what = isReading(record, call) ? `${name} to read` : name;
    if (first !== undefined) return devices.has(first) || this.#repeats.isRepeat(pid, what, first);
    if (name !== 'connect' && name !== 'bind') return false;
    return readAddress(block) === undefined || this.#repeats.isRepeat(pid, name, block.toString('latin1'));
  }

  #actorOf({ pid }: CallRecord) {
    const actor = this.#actors.find(pid);
    if (typeof actor?.container === 'string') {
      this.#containers.push([pid, actor.container]);
      this.#context.layers.look(pid, actor.container);
    }
    return actor;
  }

  #tell(): void {
    if (this.#containers.length > 0) tell({ containers: this.#containers });
    this.#containers = [];
    if (performance.now() - this.#lostAskedAt < lostEveryMs) return;
    this.#lostAskedAt = performance.now();
    const value = Buffer.alloc(8);
    this.#program.lookUp(this.#program.mapDescriptor('lost'), Buffer.alloc(4), value);
    const lost = value.readBigUInt64LE();
    if (lost > this.#lost) tell({ lost: Number(lost - this.#lost), why: 'the ring buffer was full' });
    this.#lost = lost;
  }
}

/** A file for each kind. */
class Spools {
  readonly #processes: ExportSpool<'process'>;
  readonly #files: ExportSpool<'file_access'>;
  readonly #sockets: ExportSpool<'socket'>;
  readonly #modules: ExportSpool<'kernel_module'>;

  constructor(folder: string) {
    this.#processes = new ExportSpool(folder, 'process', 'process');
    this.#files = new ExportSpool(folder, 'files', 'file_access');
    this.#sockets = new ExportSpool(folder, 'sockets', 'socket');
    this.#modules = new ExportSpool(folder, 'modules', 'kernel_module');
  }

  write(rows: readonly CallEvent[]): void {
    this.#processes.write(rows.filter((row): row is EventOf<'process'> => row.kind === 'process'));
    this.#files.write(rows.filter((row): row is EventOf<'file_access'> => row.kind === 'file_access'));
    this.#sockets.write(rows.filter((row): row is EventOf<'socket'> => row.kind === 'socket'));
    this.#modules.write(rows.filter((row): row is EventOf<'kernel_module'> => row.kind === 'kernel_module'));
  }

  close(): void {
    for (const spool of [this.#processes, this.#files, this.#sockets, this.#modules]) spool.close();
  }
}

function tell(message: ThreadMessage): void {
  parentPort?.postMessage(message);
}

function load(): BpfObject {
  const compiler = findCompiler();
  if (compiler === undefined) throw new Error('there is no clang any more');
  return withProgram(compiler, (path) => new BpfObject(path));
}

hurry();
const { folder, stop } = workerData as ThreadData;
new Recorder(folder, load()).run(stop);
