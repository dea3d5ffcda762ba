import type { Packet } from '../layers/packet.ts';
import { stateClosed, stateEstablished, type Endpoint } from './endpoint.ts';
import type { Flow } from './flow.ts';
import { PendingSegments, SegmentBudget } from './pending-segments.ts';
import type { TcpSegment } from './tcp-segment.ts';

/**
 * Puts streams in order. What comes in order is handed on as it is, without a copy; only what comes behind a hole is kept. An
 * acknowledgement of bytes that never came makes them a gap.
 */
export class Reassembly {
  readonly #budget: SegmentBudget;
  readonly #onGap: (flow: Flow, endpoint: Endpoint) => void;

  constructor(maxHeldBytes: number, onGap: (flow: Flow, endpoint: Endpoint) => void) {
    this.#budget = new SegmentBudget(maxHeldBytes);
    this.#onGap = onGap;
  }

  /** Data of a segment; `start` is its relative sequence number. */
  segment(flow: Flow, endpoint: Endpoint, start: number, segment: TcpSegment, packet: Packet): void {
    const end = start + segment.dataBytes;
    if (end <= endpoint.delivered) return;
    const captured = segment.dataEnd - segment.dataAt;
    if (start <= endpoint.delivered && (endpoint.pending === undefined || endpoint.pending.isEmpty)) {
      const skipped = endpoint.delivered - start;
      endpoint.delivered = end;
      if (captured > skipped) {
        const from = segment.dataAt + skipped;
        flow.reader?.data(endpoint === flow.orig, packet.bytes, from, segment.dataEnd);
      }
      if (captured < segment.dataBytes) this.#gap(flow, endpoint, segment.dataBytes - Math.max(captured, skipped));
      return;
    }
    endpoint.pending ??= new PendingSegments(this.#budget);
    const isRead = flow.reader !== undefined && captured === segment.dataBytes;
    const bytes = isRead ? packet.bytes.subarray(segment.dataAt, segment.dataEnd) : undefined;
    const from = Math.max(start, endpoint.delivered);
    endpoint.pending.add(from, end, bytes?.subarray(from - start));
    this.#deliverPending(flow, endpoint);
    while (endpoint.pending.isFull) this.#skipTo(flow, endpoint, endpoint.pending.start);
  }

  /** The other side has acknowledged everything before `ack`. */
  acknowledged(flow: Flow, endpoint: Endpoint, ack: number): void {
    const upTo = endpoint.finCount > 0 && ack >= endpoint.finRelative ? endpoint.finRelative - 1 : ack;
    if (upTo <= endpoint.trimmed) return;
    endpoint.trimmed = upTo;
    if (upTo <= endpoint.delivered) return;
    // The numbering of a partial connection was guessed: its first acknowledgements tell nothing.
    if (upTo <= 2 && flow.isPartial) return;
    while (endpoint.pending !== undefined && endpoint.pending.start < upTo) {
      this.#skipTo(flow, endpoint, endpoint.pending.start);
    }
    if (upTo > endpoint.delivered) this.#skipTo(flow, endpoint, upTo);
  }

  /** Hands on what waits behind holes, at the end. */
  finish(flow: Flow): void {
    this.#flush(flow, flow.orig);
    this.#flush(flow, flow.resp);
  }

  #flush(flow: Flow, endpoint: Endpoint): void {
    const { pending } = endpoint;
    if (pending === undefined) return;
    if (flow.reader === undefined) pending.clear();
    while (!pending.isEmpty) {
      const hole = pending.start - endpoint.delivered;
      endpoint.delivered = pending.start;
      if (hole > 0) flow.reader?.gap(endpoint === flow.orig, hole);
      this.#deliverPending(flow, endpoint);
    }
  }

  #skipTo(flow: Flow, endpoint: Endpoint, upTo: number): void {
    const hole = upTo - endpoint.delivered;
    endpoint.delivered = upTo;
    if (hole > 0) this.#gap(flow, endpoint, hole);
    this.#deliverPending(flow, endpoint);
  }

  /** Gaps count where both sides are established or closing: elsewhere numbers that do not fit look like gaps. */
  #gap(flow: Flow, endpoint: Endpoint, length: number): void {
    if (isClean(flow.orig) && isClean(flow.resp)) {
      this.#onGap(flow, endpoint);
      endpoint.missedBytes += length;
    }
    flow.reader?.gap(endpoint === flow.orig, length);
  }

  #deliverPending(flow: Flow, endpoint: Endpoint): void {
    const { pending } = endpoint;
    if (pending === undefined) return;
    while (pending.start <= endpoint.delivered) {
      const segment = pending.shift();
      if (segment === undefined) return;
      const skipped = endpoint.delivered - segment.start;
      const length = segment.end - segment.start - skipped;
      if (length <= 0) continue;
      endpoint.delivered = segment.end;
      const isOrig = endpoint === flow.orig;
      if (segment.bytes === undefined) flow.reader?.gap(isOrig, length);
      else flow.reader?.data(isOrig, segment.bytes, skipped, segment.bytes.length);
    }
  }
}

function isClean({ state, previousState }: Endpoint): boolean {
  return state === stateEstablished || (state === stateClosed && previousState === stateEstablished);
}
