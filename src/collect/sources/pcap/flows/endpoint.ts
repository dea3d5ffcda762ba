import type { PendingSegments } from './pending-segments.ts';

/** States of one side of a TCP connection, as Zeek has them. */
export const stateInactive = 0;
export const stateSynSent = 1;
export const stateSynAckSent = 2;
export const statePartial = 3;
export const stateEstablished = 4;
export const stateClosed = 5;
export const stateReset = 6;

/**
 * One side of a connection. Sequence numbers are kept twice: as they are (32 bits, signed) and relative to the SYN, as a
 * number that does not wrap; the first byte of data has 1.
 */
export class Endpoint {
  // What every packet touches stands first: V8 keeps fields in this order, and memory is what costs here.
  state = stateInactive;
  previousState = stateInactive;
  startSequence = 0;
  lastSequence = 0;
  lastRelative = 0;
  ackSequence = 0;
  ackRelative = 0;
  /** Relative sequence number up to which the stream was handed on, or given up. */
  delivered = 1;
  /** Up to where the other side has acknowledged it. */
  trimmed = 1;
  packets = 0;
  ipBytes = 0;
  /** TCP flags of all packets. */
  flags = 0;
  /** Segments above a hole. */
  pending: PendingSegments | undefined = undefined;
  finCount = 0;
  hasValidChecksum = false;
  didClose = false;
  didEnd = false;

  /** Payload of datagrams; -1 while none came. TCP counts by sequence numbers instead. */
  payloadBytes = -1;
  finRelative = 0;
  windowScale = 0;
  missedBytes = 0;
  lastSynRelative = 0;
  lastFinRelative = 0;
  lastRstRelative = 0;
  badChecksums = 0;
  badChecksumLimit = 1;
  retransmissions = 0;
  retransmissionLimit = 1;
  zeroWindows = 0;
  zeroWindowLimit = 1;
  gaps = 0;
  gapLimit = 1;

  /** Sets both numbers to the SYN's. */
  start(sequence: number): void {
    this.startSequence = sequence;
    this.ackSequence = sequence;
    this.ackRelative = 0;
  }

  setLast(sequence: number): void {
    this.lastSequence = sequence;
    this.lastRelative = (sequence - this.startSequence) | 0;
  }

  setState(state: number): void {
    if (state === this.state) return;
    this.previousState = this.state;
    this.state = state;
  }

  get isHandshaking(): boolean {
    return this.state <= stateSynAckSent;
  }

  /** Bytes of the stream by its sequence numbers, without SYN and FIN. */
  streamBytes(peer: Endpoint): number {
    const isAborted = this.previousState === stateSynSent && this.state === stateReset && peer.state === stateInactive;
    // A half-open connection that was reset: its numbers mean nothing, and it never could send data.
    if (isAborted && this.ackRelative !== 0) return 0;
    let size = Math.max(this.lastRelative, this.ackRelative);
    if (size > 0) size--;
    if (this.finCount > 0 && size > 0) size--;
    return Math.max(0, size);
  }
}
