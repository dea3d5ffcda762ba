/** Runs in a thread of its own, which may wait in the kernel: the main thread's work never makes records wait. */
import { parentPort, workerData } from 'node:worker_threads';
import recordTypes from '../../linux/data/audit-record-types.json' with { type: 'json' };
import { AuditSocket, statusOf } from '../../linux/audit/audit-socket.ts';
import { Spool } from './spool.ts';

export interface RecorderData {
  readonly folder: string;
  /** Not 0 when it is to stop. */
  readonly stop: Int32Array;
}
export type RecorderMessage = { readonly lost: number; readonly why: string } | { readonly note: string };

const typeNames: Readonly<Record<string, string>> = recordTypes;
const firstRecordType = 1100;
const endOfEvent = 1320;
const bufferBytes = 64 * 1024 * 1024;
const keepBytes = 2 * 1024 ** 3;
const waitMs = 200;
const statusEveryMs = 10_000;
/** Text that is written at once. */
const batchChars = 1 << 18;

function run({ folder, stop }: RecorderData): void {
  const socket = new AuditSocket(bufferBytes);
  const spool = new Spool(folder, 'audit', keepBytes);
  const loss = new KernelLoss();
  let askedAt = -Infinity;
  try {
    while (Atomics.load(stop, 0) === 0) {
      if (performance.now() - askedAt > statusEveryMs) {
        askedAt = performance.now();
        socket.askStatus();
      }
      if (socket.wait(waitMs)) drain(socket, spool, loss);
    }
    drain(socket, spool, loss);
  } finally {
    spool.close();
    socket.close();
  }
}

/** Messages taken before the thread looks whether it is to stop, and asks what was lost: a flood never ends by itself. */
const maxDrained = 50_000;

/** What is there now. */
function drain(socket: AuditSocket, spool: Spool, loss: KernelLoss): void {
  let text = '';
  for (let taken = 0; taken < maxDrained; taken++) {
    const message = socket.receive();
    if (message === undefined) break;
    if (message === 'lost') {
      tell({ lost: 1, why: 'the receive buffer overran: some records more' });
      continue;
    }
    const status = statusOf(message);
    if (status !== undefined) loss.see(status.lost, status.isEnabled);
    if (message.type < firstRecordType) continue;
    // The kernel ends a record with a zero byte, and user space sends line ends along.
    const payload = message.payload
      .toString('latin1')
      .replace(/[\0\n ]+$/, '')
      .replaceAll(/[\0\n]/g, ' ');
    text += `type=${typeNames[message.type] ?? `UNKNOWN[${message.type}]`} msg=${payload}\n`;
    if (text.length < batchChars) continue;
    spool.write(text);
    text = '';
    if (message.type === endOfEvent) spool.mayRotate();
  }
  if (text === '') return;
  spool.write(text);
  if (text.startsWith('type=EOE', text.lastIndexOf('\n', text.length - 2) + 1)) spool.mayRotate();
}

/** Tells when the kernel's own counter of dropped records has grown, and once when auditing is off. */
class KernelLoss {
  #lost: number | undefined;
  #isOffTold = false;

  see(lost: number, isEnabled: boolean): void {
    if (this.#lost !== undefined && lost > this.#lost) {
      tell({ lost: lost - this.#lost, why: 'the kernel dropped them: its backlog was full' });
    }
    this.#lost = lost;
    if (!isEnabled && !this.#isOffTold) {
      tell({ note: 'auditing is switched off in the kernel: nothing will come until auditctl -e 1' });
    }
    this.#isOffTold = !isEnabled;
  }
}

function tell(message: RecorderMessage): void {
  parentPort?.postMessage(message);
}

run(workerData as RecorderData);
