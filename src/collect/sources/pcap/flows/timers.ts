import { stateInactive, stateReset, stateSynAckSent, stateSynSent } from './endpoint.ts';
import { transportTcp, type Flow } from './flow.ts';

const second = 1e6;
/** Zeek's defaults (init-bare.zeek), µs. */
export const timeouts = {
  /** Without a packet: before a TCP connection is established, and for UDP and ICMP. */
  datagram: 60 * second,
  established: 300 * second,
  attempt: 5 * second,
  close: 5 * second,
  linger: 5 * second,
  firstCheck: 5 * second,
  check: 6 * second,
} as const;

/** A cheap look: false for flows whose deadline cannot have passed. */
export function mayBeOver(flow: Flow, time: number): boolean {
  return time - flow.lastTime >= timeouts.linger || flow.closeAt >= 0 || flow.attemptUntil >= 0;
}

/** When a flow is over if no further packet comes. */
export function deadlineOf(flow: Flow): number {
  if (flow.closeAt >= 0) return flow.closeAt;
  const inactive = flow.lastTime + flow.inactivityMicros;
  if (flow.protocol !== transportTcp) return inactive;
  const { orig, resp } = flow;
  let deadline = inactive;
  const isAttempt = (orig.state === stateSynSent || orig.state === stateSynAckSent) && resp.state === stateInactive;
  if (isAttempt && flow.attemptUntil >= 0) deadline = Math.min(deadline, flow.attemptUntil);
  if (isLingering(flow)) {
    deadline = Math.min(deadline, nextCheck(flow.startTime + timeouts.firstCheck, flow.lastTime));
    if (flow.partialCloseAt >= 0) {
      deadline = Math.min(deadline, nextCheck(flow.partialCloseAt + timeouts.check, flow.lastTime));
    }
  }
  return deadline;
}

/** One side has closed, and the other will not go on: both closed, one reset, or one never seen. Or nothing happened at all. */
function isLingering({ orig, resp }: Flow): boolean {
  if (orig.state === stateInactive && resp.state === stateInactive) return true;
  if (!orig.didClose && !resp.didClose) return false;
  return (
    (orig.didClose && resp.didClose) ||
    orig.state === stateReset ||
    resp.state === stateReset ||
    orig.state === stateInactive ||
    resp.state === stateInactive
  );
}

/** The first of the checks, `timeouts.check` apart from `first` on, that comes later than the linger time. */
function nextCheck(first: number, lastTime: number): number {
  const past = lastTime + timeouts.linger - first;
  return past < 0 ? first : first + timeouts.check * (Math.floor(past / timeouts.check) + 1);
}

/** Longer than every timeout, in seconds. */
const wheelSlots = 512;

/**
 * Flows by the second in which they have to be looked at. Each stands in one slot until then, whatever happens to it; the
 * deadline that counts is computed when its slot comes.
 */
export class TimerWheel {
  readonly #slots: Flow[][] = Array.from({ length: wheelSlots }, () => []);
  readonly #onDeadline: (flow: Flow) => void;
  #second = -1;
  /** The first time at which there is something to do again. */
  #nextMicros = -Infinity;

  constructor(onDeadline: (flow: Flow) => void) {
    this.#onDeadline = onDeadline;
  }

  add(flow: Flow): void {
    const at = Math.ceil(deadlineOf(flow) / second);
    const slot = Math.min(Math.max(at, this.#second + 1), this.#second + wheelSlots - 1);
    this.#slots[slot % wheelSlots]?.push(flow);
  }

  /** Moves the time on; flows whose deadline has passed are handed over. A clock that runs backwards is waited for. */
  advance(time: number): void {
    if (time < this.#nextMicros) return;
    const now = Math.floor(time / second);
    if (now <= this.#second) return;
    if (this.#second < 0) this.#second = now - 1;
    const steps = Math.min(now - this.#second, wheelSlots);
    for (let step = 1; step <= steps; step++) this.#look(this.#second + step, time, now);
    this.#second = now;
    this.#nextMicros = (now + 1) * second;
  }

  #look(at: number, time: number, now: number): void {
    const slot = this.#slots[at % wheelSlots];
    if (slot === undefined || slot.length === 0) return;
    this.#slots[at % wheelSlots] = [];
    for (const flow of slot) {
      if (flow.isGone) continue;
      const deadline = deadlineOf(flow);
      if (deadline <= time) this.#onDeadline(flow);
      else {
        const next = Math.min(Math.max(Math.ceil(deadline / second), now + 1), now + wheelSlots - 1);
        this.#slots[next % wheelSlots]?.push(flow);
      }
    }
  }
}
