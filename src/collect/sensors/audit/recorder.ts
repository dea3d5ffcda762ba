/** Runs in a thread of its own, which may wait in the kernel: the main thread's work never makes records wait. */
import { parentPort, workerData } from 'node:worker_threads';
import recordTypes from '../../linux/data/audit-record-types.json' with { type: 'json' };
import { containerOf } from '../../linux/container-of.ts';
import { AuditSocket, statusOf } from '../../linux/audit/audit-socket.ts';
import type { ThreadData, ThreadMessage } from '../_shared/record-in-thread.ts';
import { Spool } from '../_shared/spool.ts';

const typeNames: Readonly<Record<string, string>> = recordTypes;
const firstRecordType = 1100;
const syscallRecord = 1300;
const endOfEvent = 1320;
const bufferBytes = 64 * 1024 * 1024;
const keepBytes = 2 * 1024 ** 3;
const waitMs = 200;
const statusEveryMs = 10_000;
/** Text that is written at once. */
const batchChars = 1 << 18;

function run({ folder, stop }: ThreadData): void {
  const socket = new AuditSocket(bufferBytes);
  const spool = new Spool(folder, 'audit', keepBytes);
  const loss = new KernelLoss();
  const found = new SeenContainers();
  let askedAt = -Infinity;
  try {
    while (Atomics.load(stop, 0) === 0) {
      if (performance.now() - askedAt > statusEveryMs) {
        askedAt = performance.now();
        socket.askStatus();
      }
      if (socket.wait(waitMs)) drain(socket, spool, loss, found);
      found.tell();
    }
    drain(socket, spool, loss, found);
    found.tell();
  } finally {
    spool.close();
    socket.close();
  }
}

/** Messages taken before the thread looks whether it is to stop, and asks what was lost: a flood never ends by itself. */
const maxDrained = 50_000;

/** What is there now. */
function drain(socket: AuditSocket, spool: Spool, loss: KernelLoss, found: SeenContainers): void {
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
    if (message.type === syscallRecord) found.see(message.payload);
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

/** How long a process is not looked at again: its id may be another's by then. */
const seenMs = 2000;
const maxSeen = 20_000;

/** The containers of processes, looked up while they are still there: a record names none. */
class SeenContainers {
  #seen = new Map<number, true>();
  #since = performance.now();
  #pairs: (readonly [number, string])[] = [];

  see(payload: Buffer): void {
    if (performance.now() - this.#since > seenMs || this.#seen.size > maxSeen) {
      this.#seen = new Map();
      this.#since = performance.now();
    }
    const at = payload.indexOf(' pid=');
    const pid = at < 0 ? Number.NaN : Number.parseInt(payload.toString('latin1', at + 5, at + 15), 10);
    if (!(pid > 0) || this.#seen.has(pid)) return;
    this.#seen.set(pid, true);
    const container = containerOf(pid);
    if (container !== undefined) this.#pairs.push([pid, container]);
  }

  tell(): void {
    if (this.#pairs.length === 0) return;
    tell({ containers: this.#pairs });
    this.#pairs = [];
  }
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

function tell(message: ThreadMessage): void {
  parentPort?.postMessage(message);
}

run(workerData as ThreadData);
