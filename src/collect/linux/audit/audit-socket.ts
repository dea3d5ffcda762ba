import { maxMessageBytes, NetlinkSocket, netlinkHeaderBytes } from '../netlink-socket.ts';

/** Numbers of `linux/netlink.h` and `linux/audit.h`. */
const netlinkAudit = 9;
const groupReadLog = 1;
const auditGet = 1000;
const auditListRules = 1013;
const nlmRequest = 1;

/** No payload is longer, with what a line of a log adds. */
export const maxRecordBytes = maxMessageBytes + 64;

/** A record as the kernel sends it: `audit(1364481363.243:24287): arch=…`, or the answer to a question. */
export interface AuditMessage {
  readonly type: number;
  readonly payload: Buffer;
}

/** `struct audit_status` as far as it is looked at. */
export interface AuditStatus {
  readonly isEnabled: boolean;
  /** Process id of an audit daemon; 0 without one. */
  readonly daemonPid: number;
  /** Records that the kernel dropped since it was last set to zero. */
  readonly lost: number;
  /** Nobody can change it until the next start of the machine. */
  readonly isLocked: boolean;
  /** Records a second; 0 for no bound. */
  readonly rateLimit: number;
  /** Records that may wait. */
  readonly backlogLimit: number;
}

/** Of a type below all records. */
const noRecord: AuditMessage = { type: 0, payload: Buffer.alloc(0) };

/** The kernel's audit records, by its multicast group: beside an audit daemon, and without taking its place. */
export class AuditSocket {
  readonly #socket: NetlinkSocket;

  /** Without a group it is for questions only. Needs CAP_AUDIT_READ in the first user namespace for the group of records. */
  constructor(bufferBytes: number, group: 'records' | 'none' = 'records') {
    this.#socket = new NetlinkSocket(netlinkAudit, group === 'records' ? groupReadLog : 0, bufferBytes);
  }

  /** Waits for something to read. Blocks the thread. */
  wait(timeoutMs: number): boolean {
    return this.#socket.wait(timeoutMs);
  }

  /** The next message; undefined when there is none now, `lost` when the buffer has overrun since the last call. The payload is valid until the next call. */
  receive(): AuditMessage | 'lost' | undefined {
    const message = this.#socket.receive();
    if (message === undefined || message === 'lost') return message;
    if (message.length === 0) return noRecord;
    return { type: message.readUInt16LE(4), payload: message.subarray(netlinkHeaderBytes) };
  }

  /** Asks for the status; the answer comes as a message of type 1000. Needs CAP_AUDIT_CONTROL; false without it. */
  askStatus(): boolean {
    return this.#ask(auditGet);
  }

  /** Asks for the rules; each comes as a message of type 1013, and one of type 3 ends them. Needs CAP_AUDIT_CONTROL; false without it. */
  askRules(): boolean {
    return this.#ask(auditListRules);
  }

  #ask(type: number): boolean {
    const request = Buffer.alloc(netlinkHeaderBytes);
    request.writeUInt32LE(netlinkHeaderBytes, 0);
    request.writeUInt16LE(type, 4);
    request.writeUInt16LE(nlmRequest, 6);
    return this.#socket.send(request);
  }

  close(): void {
    this.#socket.close();
  }
}

/** The status in a message; undefined for any other message. */
export function statusOf({ type, payload }: AuditMessage): AuditStatus | undefined {
  if (type !== auditGet || payload.length < 32) return undefined;
  return {
    isEnabled: payload.readUInt32LE(4) !== 0,
    isLocked: payload.readUInt32LE(4) === 2,
    daemonPid: payload.readUInt32LE(12),
    rateLimit: payload.readUInt32LE(16),
    backlogLimit: payload.readUInt32LE(20),
    lost: payload.readUInt32LE(24),
  };
}
