import { AuditSocket, statusOf, type AuditStatus } from './audit-socket.ts';

/** What the kernel's audit is set to. */
export interface KernelAudit {
  readonly status: AuditStatus;
  /** `struct audit_rule_data` of each rule, in the order in which they are asked. */
  readonly rules: readonly Buffer[];
}

const netlinkError = 2;
const netlinkDone = 3;
const listRules = 1013;
const answerMs = 2000;
const maxRules = 100_000;

/** Asks the kernel. Needs CAP_AUDIT_CONTROL in the first user namespace; throws without it, and when no answer comes. */
export function readKernelAudit(): KernelAudit {
  const socket = new AuditSocket(8 * 1024 * 1024, 'none');
  try {
    if (!socket.askStatus() || !socket.askRules()) throw new Error('the kernel takes no questions about its audit');
    let status: AuditStatus | undefined;
    const rules: Buffer[] = [];
    let isWhole = false;
    while (socket.wait(answerMs)) {
      for (let message = socket.receive(); message !== undefined; message = socket.receive()) {
        if (message === 'lost') throw new Error('the list of rules did not fit into the buffer');
        const { type, payload } = message;
        if (type === netlinkError && payload.length >= 4 && payload.readInt32LE(0) !== 0) {
          throw new Error(`the kernel answers with error ${-payload.readInt32LE(0)}`);
        }
        status ??= statusOf(message);
        if (type === listRules && rules.length < maxRules) rules.push(Buffer.from(payload));
        isWhole ||= type === netlinkDone;
        // The two answers come in any order.
        if (isWhole && status !== undefined) return { status, rules };
      }
    }
    throw new Error('the kernel does not answer questions about its audit');
  } finally {
    socket.close();
  }
}
