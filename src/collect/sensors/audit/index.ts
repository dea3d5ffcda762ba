import { Worker } from 'node:worker_threads';
import { messageOf } from '../../../base/errors.ts';
import { defineSensor, type RecordContext } from '../../sensor.ts';
import type { RecorderData, RecorderMessage } from './recorder.ts';

export const sensor = defineSensor({
  id: 'audit',
  title: 'Linux audit',
  description:
    "Records of the kernel's audit system as they occur, through its multicast group: beside auditd, which keeps working, or without it. What is recorded is what the loaded audit rules ask for; `content/audit-rules/vakthund.rules` is a set that the shipped detectors make use of. Records name no container: the control groups of their processes are read as they come. Does not load rules, and does not switch auditing on.",
  references: [
    'https://github.com/linux-audit/audit-documentation/wiki',
    'https://man7.org/linux/man-pages/man7/netlink.7.html',
  ],
  guide: ['C15', 'C16', 'B03', 'B06'],
  needs: 'CAP_AUDIT_READ in the first user namespace (root); CAP_AUDIT_CONTROL to count what the kernel dropped.',
  source: 'auditd',
  async whyNot() {
    try {
      const { AuditSocket } = await import('../../linux/audit/audit-socket.ts');
      new AuditSocket(0).close();
      return undefined;
    } catch (error) {
      return `the audit records of the kernel cannot be read: ${messageOf(error)} (it needs root, outside of a container)`;
    }
  },
  record: (context) => recordInThread(context),
});

async function recordInThread(context: RecordContext): Promise<void> {
  const { folder, signal } = context;
  const stop = new Int32Array(new SharedArrayBuffer(4));
  const workerData: RecorderData = { folder, stop };
  const worker = new Worker(new URL('recorder.ts', import.meta.url), { workerData });
  const end = (): void => void Atomics.store(stop, 0, 1);
  signal.addEventListener('abort', end, { once: true });
  if (signal.aborted) end();
  try {
    await new Promise<void>((done, fail) => {
      worker.on('message', (message: RecorderMessage) => {
        if ('lost' in message) context.onLost(message.lost, message.why);
        else if ('note' in message) context.onNote(message.note);
        else for (const [pid, container] of message.containers) context.onContainerProcess(pid, container);
      });
      worker.once('error', fail);
      worker.once('exit', (code) => (code === 0 ? done() : fail(new Error(`the recorder ended with ${code}`))));
    });
  } finally {
    signal.removeEventListener('abort', end);
  }
}
