import { netlinkHeaderBytes } from '../netlink-socket.ts';

interface Common {
  /** Number of the message among those of its processor: a gap tells what was lost. */
  readonly sequence: number;
  readonly cpu: number;
  /** CLOCK_MONOTONIC, nanoseconds. */
  readonly monotonicNs: bigint;
  /** Of a process, which is what user space calls its pid. */
  readonly pid: number;
  /** Of the task that did it: the same for the first thread. */
  readonly thread: number;
}

/** What the process connector tells: `struct proc_event` of `linux/cn_proc.h`. */
export type ConnectorEvent = Common &
  (
    | { readonly what: 'listening'; readonly error: number }
    /** `pid` and `thread` are of the parent. */
    | { readonly what: 'fork'; readonly childPid: number; readonly childThread: number }
    | { readonly what: 'exec' | 'session' | 'coredump' }
    | { readonly what: 'uid' | 'gid'; readonly real: number; readonly effective: number }
    /** `tracer` 0: nobody traces it any more. */
    | { readonly what: 'ptrace'; readonly tracer: number }
    | { readonly what: 'comm'; readonly comm: string }
    /** `code` as wait(2) gives it. */
    | { readonly what: 'exit'; readonly code: number }
  );

/** `cn_idx` and `cn_val` of the connector (`linux/connector.h`). */
const connectorIndex = 1;
const connectorValue = 1;
const connectorHeaderBytes = 20;
const eventAt = netlinkHeaderBytes + connectorHeaderBytes;
const dataAt = eventAt + 16;
const netlinkDone = 3;

/** Asks for events (PROC_CN_MCAST_LISTEN), or for no more (IGNORE): a message to send. */
export function connectorRequest(isListening: boolean): Buffer {
  const message = Buffer.alloc(eventAt + 4);
  message.writeUInt32LE(message.length, 0);
  message.writeUInt16LE(netlinkDone, 4);
  message.writeUInt32LE(connectorIndex, 16);
  message.writeUInt32LE(connectorValue, 20);
  message.writeUInt16LE(4, 32);
  message.writeUInt32LE(isListening ? 1 : 2, eventAt);
  return message;
}

/** The event in a message of the kernel; undefined for any other message, and for events of types that came later. */
export function readConnectorEvent(message: Buffer): ConnectorEvent | undefined {
  if (message.length < dataAt + 8 || message.readUInt32LE(16) !== connectorIndex) return undefined;
  const thread = message.readInt32LE(dataAt);
  const second = message.readInt32LE(dataAt + 4);
  const common = {
    sequence: message.readUInt32LE(24),
    cpu: message.readUInt32LE(eventAt + 4),
    monotonicNs: message.readBigUInt64LE(eventAt + 8),
    pid: second,
    thread,
  };
  const what = message.readUInt32LE(eventAt);
  if (what === 0) return { ...common, what: 'listening', error: thread };
  if (what === 0x2) return { ...common, what: 'exec' };
  if (what === 0x80) return { ...common, what: 'session' };
  if (what === 0x4000_0000) return { ...common, what: 'coredump' };
  if (message.length < dataAt + 16) return undefined;
  const third = message.readUInt32LE(dataAt + 8);
  const fourth = message.readUInt32LE(dataAt + 12);
  switch (what) {
    case 0x1:
      return { ...common, what: 'fork', childPid: fourth, childThread: third };
    case 0x4:
      return { ...common, what: 'uid', real: third, effective: fourth };
    case 0x40:
      return { ...common, what: 'gid', real: third, effective: fourth };
    case 0x100:
      return { ...common, what: 'ptrace', tracer: fourth };
    case 0x200: {
      const end = message.indexOf(0, dataAt + 8);
      const until = Math.min(end < 0 ? message.length : end, dataAt + 24);
      return { ...common, what: 'comm', comm: message.toString('utf8', dataAt + 8, until) };
    }
    case 0x8000_0000:
      return { ...common, what: 'exit', code: third };
    default:
      return undefined;
  }
}
