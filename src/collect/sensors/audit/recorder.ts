/** Runs in a thread of its own, which may wait in the kernel: the main thread's work never makes records wait. */
import { totalmem } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { AuditSocket, maxRecordBytes, statusOf, type AuditStatus } from '../../linux/audit/audit-socket.ts';
import { hurry } from '../_shared/hurry.ts';
import type { ThreadData, ThreadMessage } from '../_shared/record-in-thread.ts';
import { Spool } from '../_shared/spool.ts';
import { RecordLines, serialOf } from './record-lines.ts';
import { SeenContainers } from './seen-containers.ts';
import { SerialWindow } from './serial-window.ts';

const firstRecordType = 1100;
const syscallRecord = 1300;
const endOfEvent = 1320;
const mebibyte = 1024 * 1024;
/** Memory of the kernel that a flood may take: a 32nd of the machine's, within these bounds. */
const [leastBuffer, mostBuffer] = [64 * mebibyte, 256 * mebibyte];
const keepBytes = 2 * 1024 ** 3;
const waitMs = 200;
const statusEveryMs = 10_000;
const settleEveryMs = 1000;
/** Written at once. */
const batchBytes = 1 << 18;
/** Messages taken before the thread looks whether it is to stop, and asks what was lost: a flood never ends by itself. */
const maxDrained = 50_000;

class Recorder {
  readonly #socket = new AuditSocket(Math.min(mostBuffer, Math.max(leastBuffer, Math.floor(totalmem() / 32))));
  readonly #spool: Spool;
  readonly #lines = new RecordLines(batchBytes, maxRecordBytes);
  readonly #containers = new SeenContainers();
  readonly #serials = new SerialWindow();
  readonly #loss = new KernelLoss();
  #askedAt = -Infinity;
  #settledAt = performance.now();

  constructor(folder: string) {
    this.#spool = new Spool(folder, 'audit', keepBytes);
  }

  run(stop: Int32Array): void {
    try {
      while (Atomics.load(stop, 0) === 0) {
        if (this.#socket.wait(waitMs)) this.#drain();
        this.#look();
      }
      this.#drain();
      this.#look();
      tellLoss(this.#serials.end());
    } finally {
      this.#spool.close();
      this.#socket.close();
    }
  }

  /** Takes what is there now. */
  #drain(): void {
    let lastType = 0;
    for (let taken = 0; taken < maxDrained; taken++) {
      const message = this.#socket.receive();
      if (message === undefined) {
        this.#serials.emptied();
        break;
      }
      if (message === 'lost') {
        this.#serials.overran();
        continue;
      }
      const status = statusOf(message);
      if (status !== undefined) this.#loss.see(status);
      if (message.type < firstRecordType) continue;
      lastType = message.type;
      this.#keep(message.type, message.payload);
    }
    this.#write(lastType);
  }

  #keep(type: number, payload: Buffer): void {
    this.#lines.add(type, payload);
    const serial = serialOf(payload);
    if (serial >= 0) this.#serials.see(serial, partOf(type));
    if (type === syscallRecord) this.#containers.see(payload);
    if (this.#lines.length >= batchBytes) this.#write(type);
  }

  #write(lastType: number): void {
    if (this.#lines.length === 0) return;
    this.#spool.write(this.#lines.take());
    if (lastType === endOfEvent) this.#spool.mayRotate();
  }

  #look(): void {
    const containers = this.#containers.take();
    if (containers.length > 0) tell({ containers });
    const now = performance.now();
    if (now - this.#askedAt > statusEveryMs) {
      this.#askedAt = now;
      this.#socket.askStatus();
    }
    if (now - this.#settledAt < settleEveryMs) return;
    this.#settledAt = now;
    tellLoss(this.#serials.settle());
  }
}

function partOf(type: number): 'first' | 'end' | 'other' {
  if (type === syscallRecord) return 'first';
  return type === endOfEvent ? 'end' : 'other';
}

/** Tells what the receive buffer could not hold, in events. */
function tellLoss(loss: ReturnType<SerialWindow['settle']>): void {
  if (loss === undefined) return;
  const { missing, cut } = loss;
  if (missing + cut === 0) tell({ lost: 1, why: 'the receive buffer overran: some records at its end' });
  else tell({ lost: missing + cut, why: `the receive buffer overran: ${missing} events wholly and ${cut} in part` });
}

/** Tells when the kernel's own counter of dropped records has grown, and once when auditing is off. */
class KernelLoss {
  #lost: number | undefined;
  #isOffTold = false;

  see({ lost, isEnabled, rateLimit }: AuditStatus): void {
    if (this.#lost !== undefined && lost > this.#lost) {
      const limit = rateLimit > 0 ? `, or more came than ${rateLimit} a second (auditctl -r)` : '';
      tell({ lost: lost - this.#lost, why: `the kernel dropped them: its backlog was full${limit}` });
    }
    this.#lost = lost;
    if (!isEnabled && !this.#isOffTold) {
      tell({ note: 'auditing is switched off in the kernel: nothing will come until auditctl -e 1' });
    }
    this.#isOffTold = !isEnabled;
  }
}

function tell(message: ThreadMessage): void {
  parentPort?.postMessage(message);
}

hurry();
const { folder, stop } = workerData as ThreadData;
new Recorder(folder).run(stop);
