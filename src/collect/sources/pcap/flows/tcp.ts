import type { Packet } from '../layers/packet.ts';
import {
  stateClosed,
  stateEstablished,
  stateInactive,
  statePartial,
  stateReset,
  stateSynAckSent,
  stateSynSent,
  type Endpoint,
} from './endpoint.ts';
import type { Flow } from './flow.ts';
import type { HistoryTree } from './history.ts';
import { Reassembly } from './reassembly.ts';
import { flagAck, flagFin, flagRst, flagSyn, type TcpSegment } from './tcp-segment.ts';
import { updateState } from './tcp-state.ts';
import { timeouts } from './timers.ts';

/** Jumps beyond this in SYN and RST segments are not believed. */
const maxTrustedJump = 1 << 20;

const seenSyn = 1;
const seenFin = 2;
const seenRst = 4;
const seenFinRst = 8;
const seenData = 16;
const seenAck = 32;
const seenMultiple = 64;

const letter = (text: string): number => text.charCodeAt(0);
const letterS = letter('S');
const letterH = letter('H');
const letterF = letter('F');
const letterR = letter('R');
const letterI = letter('I');
const letterQ = letter('Q');
const letterD = letter('D');
const letterA = letter('A');
const letterT = letter('T');
const letterC = letter('C');
const letterG = letter('G');
const letterW = letter('W');
const letterFlip = letter('^');
/** Added to an upper-case letter for the responder. */
const lowerCase = 32;

/** What a connection's segments do to it: states, sizes, history and stream, with Zeek's semantics. */
export class TcpTracker {
  readonly #histories: HistoryTree;
  readonly #reassembly: Reassembly;

  /** `maxHeldBytes`: what all streams together may hold behind holes. */
  constructor(histories: HistoryTree, maxHeldBytes: number) {
    this.#histories = histories;
    const onGap = (flow: Flow, endpoint: Endpoint): void => this.#scaled(flow, endpoint === flow.orig, letterG);
    this.#reassembly = new Reassembly(maxHeldBytes, onGap);
  }

  /** A SYN on a known pair of ends that begins a new connection. */
  isReuse(flow: Flow, segment: TcpSegment): boolean {
    if ((segment.flags & flagSyn) === 0) return false;
    const { orig, resp } = flow;
    const hasAck = (segment.flags & flagAck) !== 0;
    if (hasAck && orig.state !== stateInactive) return false;
    const first = hasAck ? resp : orig;
    if (orig.didClose && resp.didClose) return true;
    if (segment.sequence === first.startSequence) return false;
    // SYN and its answer in the wrong order.
    return !(
      !hasAck &&
      first.state === stateSynAckSent &&
      resp.state === stateInactive &&
      segment.sequence === resp.startSequence
    );
  }

  badChecksum(flow: Flow, isOrig: boolean): void {
    this.#scaled(flow, isOrig, letterC);
  }

  segment(flow: Flow, fromOrig: boolean, segment: TcpSegment, packet: Packet): void {
    const endpoint = fromOrig ? flow.orig : flow.resp;
    const peer = fromOrig ? flow.resp : flow.orig;
    const { flags, sequence, dataBytes } = segment;
    endpoint.flags |= flags;
    setPartial(flow, fromOrig, flags);
    const length = segmentLength(segment);
    initEndpoint(endpoint, flags, sequence, (sequence + length) | 0);
    const relative = endpoint.lastRelative + ((sequence - endpoint.lastSequence) | 0);
    this.#history(flow, endpoint, fromOrig, flags, relative, dataBytes);
    this.#window(flow, endpoint, peer, fromOrig, segment);
    if (!flow.orig.didClose || !flow.resp.didClose) flow.lastTime = packet.time;
    if ((flags & flagSyn) !== 0) setWindowScale(endpoint, peer, flags, segment.windowScale(packet.view));
    if ((flags & flagFin) !== 0) {
      endpoint.finCount++;
      endpoint.finRelative = relative + length;
    }
    const relativeAck = (flags & flagAck) === 0 ? 0 : acknowledge(peer, segment);
    this.#advance(flow, endpoint, fromOrig, (sequence + length) | 0, segment);
    const closes = updateState(flow, fromOrig, segment, this);
    if ((flags & flagAck) !== 0) {
      this.#reassembly.acknowledged(flow, peer, relativeAck);
      this.#checkEnd(flow, peer, endpoint);
    }
    // The roles may have been exchanged.
    if (endpoint === flow.orig) flow.origSeen = true;
    else flow.respSeen = true;
    const dataRelative = (flags & flagSyn) === 0 ? relative : relative + 1;
    if (dataBytes > 0 && (flags & flagRst) === 0 && relative >= 0) {
      this.#reassembly.segment(flow, endpoint, dataRelative, segment, packet);
    }
    this.#checkEnd(flow, endpoint, peer);
    if (closes) this.#close(flow, endpoint, peer);
  }

  /** What still waits behind a hole when a connection is over is handed on after all. */
  finish(flow: Flow): void {
    this.#reassembly.finish(flow);
  }

  flip(flow: Flow): void {
    flow.flip();
    flow.isPartial = false;
    flow.history = this.#histories.add(flow.history, letterFlip);
  }

  #add(flow: Flow, isOrig: boolean, code: number): void {
    flow.history = this.#histories.add(flow.history, isOrig ? code : code + lowerCase);
  }

  /** Adds a letter the first time; returns whether it stood there before. */
  #check(flow: Flow, isOrig: boolean, mask: number, code: number): boolean {
    const bit = isOrig ? mask : mask << 16;
    if ((flow.historySeen & bit) !== 0) return true;
    flow.historySeen |= bit;
    this.#add(flow, isOrig, code);
    return false;
  }

  #history(flow: Flow, endpoint: Endpoint, isOrig: boolean, flags: number, relative: number, dataBytes: number): void {
    const special = flags & (flagSyn | flagFin | flagRst);
    if (special === 0) {
      if (dataBytes > 0) this.#check(flow, isOrig, seenData, letterD);
      else if ((flags & flagAck) !== 0) this.#check(flow, isOrig, seenAck, letterA);
    } else if (special === flagSyn) {
      const code = (flags & flagAck) === 0 ? letterS : letterH;
      const wasSeen = this.#check(flow, isOrig, seenSyn, code);
      if (wasSeen && relative !== endpoint.lastSynRelative) this.#add(flow, isOrig, code);
      endpoint.lastSynRelative = relative;
    } else if (special === flagFin) {
      const end = relative + dataBytes;
      const wasSeen = this.#check(flow, isOrig, seenFin, letterF);
      if (wasSeen && end !== endpoint.lastFinRelative) this.#add(flow, isOrig, letterF);
      endpoint.lastFinRelative = end;
    } else if (special === flagRst) {
      const wasSeen = this.#check(flow, isOrig, seenRst, letterR);
      if (wasSeen && relative !== endpoint.lastRstRelative) this.#add(flow, isOrig, letterR);
      endpoint.lastRstRelative = relative;
    } else if ((special & (flagFin | flagRst)) === (flagFin | flagRst)) {
      this.#check(flow, isOrig, seenFinRst, letterI);
    } else {
      this.#check(flow, isOrig, seenMultiple, letterQ);
    }
  }

  /** Letters that are repeated when their count reaches 10, 100, 1000 … */
  #scaled(flow: Flow, isOrig: boolean, code: number): void {
    const endpoint = isOrig ? flow.orig : flow.resp;
    let isCounted = false;
    if (code === letterT) {
      isCounted = ++endpoint.retransmissions === endpoint.retransmissionLimit;
      if (isCounted) endpoint.retransmissionLimit *= 10;
    } else if (code === letterC) {
      isCounted = ++endpoint.badChecksums === endpoint.badChecksumLimit;
      if (isCounted) endpoint.badChecksumLimit *= 10;
    } else if (code === letterW) {
      isCounted = ++endpoint.zeroWindows === endpoint.zeroWindowLimit;
      if (isCounted) endpoint.zeroWindowLimit *= 10;
    } else {
      isCounted = ++endpoint.gaps === endpoint.gapLimit;
      if (isCounted) endpoint.gapLimit *= 10;
    }
    if (isCounted) this.#add(flow, isOrig, code);
  }

  /** A window of zero says something unless it comes with or after a reset, or when the peer has nothing more to send. */
  #window(flow: Flow, endpoint: Endpoint, peer: Endpoint, isOrig: boolean, { flags, window }: TcpSegment): void {
    const isBoring = (flags & flagRst) !== 0 || peer.state === stateClosed || endpoint.state === stateReset;
    if (window === 0 && !isBoring) this.#scaled(flow, isOrig, letterW);
  }

  /** Moves the last sequence number of the sender on, or counts a retransmission. */
  #advance(flow: Flow, endpoint: Endpoint, isOrig: boolean, last: number, { flags, dataBytes }: TcpSegment): void {
    const delta = (last - endpoint.lastSequence) | 0;
    const isControl = (flags & (flagSyn | flagRst)) !== 0;
    if (isControl && Math.abs(delta) > maxTrustedJump) return;
    if ((flags & flagFin) !== 0 && endpoint.lastSequence === ((endpoint.startSequence + 1) | 0)) {
      // Of a connection beyond 2 GB only SYN and FIN may have been seen: the FIN is believed.
      endpoint.lastRelative += (last - endpoint.lastSequence) >>> 0;
      endpoint.lastSequence = last;
    } else if (endpoint.state === stateReset) {
      return;
    } else if (delta > 0) {
      endpoint.lastRelative += delta;
      endpoint.lastSequence = last;
    } else if (dataBytes > 0) {
      this.#scaled(flow, isOrig, letterT);
    }
  }

  #checkEnd(flow: Flow, endpoint: Endpoint, peer: Endpoint): void {
    if (endpoint.didEnd) return;
    const isOver = endpoint.finCount > 0 || endpoint.state === stateClosed || endpoint.state === stateReset;
    if (!isOver || isDataPending(endpoint, peer)) return;
    endpoint.didEnd = true;
    flow.reader?.endOfStream(endpoint === flow.orig);
    if (!flow.closeDeferred) return;
    flow.closeDeferred = false;
    this.#close(flow, endpoint, peer);
  }

  #close(flow: Flow, endpoint: Endpoint, peer: Endpoint): void {
    if (isDataPending(endpoint, peer)) {
      flow.closeDeferred = true;
      return;
    }
    flow.closeDeferred = false;
    if (endpoint.didClose) return;
    endpoint.didClose = true;
    const isComplete = endpoint.state === stateReset || peer.didClose || peer.state === stateInactive;
    if (isComplete) flow.closeAt = flow.lastTime + timeouts.close;
    else if (endpoint.previousState !== stateInactive) flow.partialCloseAt = flow.lastTime;
  }
}

function setPartial(flow: Flow, isOrig: boolean, flags: number): void {
  if (isOrig) {
    if (!flow.origSeen) flow.isPartial = (flags & flagSyn) === 0 || (flags & flagAck) !== 0;
  } else if (!flow.respSeen && !flow.isPartial) {
    flow.isPartial = (flags & flagSyn) === 0;
  }
}

/** Sequence numbers that a segment takes: SYN and FIN one each, data of a RST none. */
function segmentLength({ flags, dataBytes }: TcpSegment): number {
  let length = (flags & flagRst) === 0 ? dataBytes : 0;
  if ((flags & flagSyn) !== 0) length++;
  if ((flags & flagFin) !== 0) length++;
  return length;
}

function initEndpoint(endpoint: Endpoint, flags: number, sequence: number, last: number): void {
  const hasSyn = (flags & flagSyn) !== 0;
  if (endpoint.state === stateInactive) {
    // Without a SYN the numbering begins as if there had been one.
    endpoint.start(hasSyn ? sequence : (sequence - 1) | 0);
    endpoint.setLast(hasSyn ? last : sequence);
    return;
  }
  if (!hasSyn) return;
  const isNew =
    ((endpoint.state === stateSynSent || endpoint.state === stateSynAckSent) && sequence !== endpoint.startSequence) ||
    endpoint.state === stateEstablished ||
    endpoint.state === statePartial ||
    (endpoint.state === stateReset && endpoint.previousState === stateInactive);
  if (!isNew) return;
  endpoint.start(sequence);
  endpoint.setLast(last);
}

function setWindowScale(endpoint: Endpoint, peer: Endpoint, flags: number, scale: number): void {
  endpoint.windowScale = Math.max(0, scale);
  if (scale < 0 && (flags & flagAck) !== 0) peer.windowScale = 0;
}

/** Takes an acknowledgement of the peer's stream in; its relative number, 0 for one from before the stream. */
function acknowledge(peer: Endpoint, { flags, ack }: TcpSegment): number {
  if (peer.state === stateInactive) {
    peer.start((ack - 1) | 0);
    peer.setLast((ack - 1) | 0);
    return 1;
  }
  const delta = (ack - peer.ackSequence) | 0;
  const relative = peer.ackRelative + delta;
  if (relative < 0) return 0;
  const isBroken = ack === 0 && delta > maxTrustedJump;
  if ((flags & flagRst) === 0 && delta > 0 && !isBroken) {
    peer.ackSequence = ack;
    peer.ackRelative = relative;
  }
  return relative;
}

/** Bytes of the stream are still to come, to be put in order, or to be acknowledged by the other side. */
function isDataPending(endpoint: Endpoint, peer: Endpoint): boolean {
  const { delivered, lastRelative } = endpoint;
  if (lastRelative < delivered) return false;
  if (delivered !== lastRelative - 1 && delivered !== lastRelative) return true;
  if (endpoint.state === stateReset) return false;
  return peer.delivered > peer.trimmed || (peer.pending !== undefined && !peer.pending.isEmpty);
}
