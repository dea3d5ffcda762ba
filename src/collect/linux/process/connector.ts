import { readlinkSync } from 'node:fs';
import { NetlinkSocket } from '../netlink-socket.ts';
import { connectorRequest, readConnectorEvent, type ConnectorEvent } from './connector-event.ts';

const netlinkConnector = 11;
const processGroup = 1;
const answerMs = 2000;
/** The namespace of processes that the machine starts with: `PROC_PID_INIT_INO` of `linux/proc_ns.h`. */
const firstPids = 'pid:[4026531836]';

/** The kernel's process connector (CONFIG_PROC_EVENTS): every fork, exec, exit and change of identity on this machine. */
export class ProcessConnector {
  readonly #socket: NetlinkSocket;
  readonly #expected = new Map<number, number>();
  #lost = 0;

  /** Needs CAP_NET_ADMIN in the first user, process and network namespace; throws where no events would come. */
  constructor(bufferBytes: number) {
    this.#socket = new NetlinkSocket(netlinkConnector, processGroup, bufferBytes);
    try {
      this.#listen();
    } catch (error) {
      this.#socket.close();
      throw error;
    }
  }

  get descriptor(): number {
    return this.#socket.descriptor;
  }

  wait(timeoutMs: number): boolean {
    return this.#socket.wait(timeoutMs);
  }

  /** The next event; undefined when there is none now. */
  receive(): ConnectorEvent | undefined {
    for (;;) {
      const message = this.#socket.receive();
      if (message === undefined) return undefined;
      // How many were lost is told by the numbers of those that come after.
      if (message === 'lost') continue;
      const event = readConnectorEvent(message);
      if (event === undefined) continue;
      this.#count(event);
      return event;
    }
  }

  /** Messages that the kernel sent and that did not arrive, since the last call. */
  takeLost(): number {
    const lost = this.#lost;
    this.#lost = 0;
    return lost;
  }

  close(): void {
    this.#socket.send(connectorRequest(false));
    this.#socket.close();
  }

  /** Each processor numbers its messages without a gap (`local_event.count` of `drivers/connector/cn_proc.c`). */
  #count({ what, cpu, sequence }: ConnectorEvent): void {
    // An acknowledgement, ours or another program's, has the number of its request.
    if (what === 'listening') return;
    const expected = this.#expected.get(cpu);
    if (expected !== undefined) {
      const gap = (sequence - expected) >>> 0;
      // A number that lies behind is of a message that was overtaken, or the counter began anew.
      if (gap < 0x8000_0000) this.#lost += gap;
    }
    this.#expected.set(cpu, (sequence + 1) >>> 0);
  }

  /** The kernel acknowledges; outside of the first namespaces nothing ever comes. */
  #listen(): void {
    // There events may come all the same, when somebody else listens, with numbers that name other processes here.
    if (readlinkSync('/proc/self/ns/pid') !== firstPids) throw new Error('processes are numbered otherwise here');
    if (!this.#socket.send(connectorRequest(true))) throw new Error('the kernel refuses to tell of processes');
    const until = performance.now() + answerMs;
    for (let left = answerMs; left > 0 && this.#socket.wait(left); left = until - performance.now()) {
      for (let event = this.receive(); event !== undefined; event = this.receive()) {
        if (event.what !== 'listening') return;
        if (event.error === 0) return;
        throw new Error(`the kernel refuses to tell of processes, error ${event.error}`);
      }
    }
    throw new Error('the process connector does not answer: there is none, or this is a container');
  }
}
