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
import { flagAck, flagFin, flagRst, flagSyn, type TcpSegment } from './tcp-segment.ts';
import { timeouts } from './timers.ts';

/** Exchanges the sides of a flow. */
interface Flipper {
  flip(flow: Flow): void;
}

/**
 * What a segment does to the states of both sides, as in Zeek's TCP analyzer. Returns whether its sender has closed its side.
 */
export function updateState(flow: Flow, isOrig: boolean, segment: TcpSegment, flipper: Flipper): boolean {
  const endpoint = isOrig ? flow.orig : flow.resp;
  const peer = isOrig ? flow.resp : flow.orig;
  const before = endpoint.isHandshaking && peer.isHandshaking;
  const closes = transition(flow, endpoint, peer, isOrig, segment, flipper);
  if (before && !(endpoint.isHandshaking && peer.isHandshaking)) flow.inactivityMicros = timeouts.established;
  if (flow.resp.state !== stateInactive) flow.attemptUntil = -1;
  return closes;
}

function transition(
  flow: Flow,
  endpoint: Endpoint,
  peer: Endpoint,
  isOrig: boolean,
  segment: TcpSegment,
  flipper: Flipper,
): boolean {
  switch (endpoint.state) {
    case stateInactive:
      return fromInactive(flow, endpoint, peer, isOrig, segment, flipper);
    case stateSynSent:
    case stateSynAckSent:
      return fromSynSent(endpoint, segment);
    case stateEstablished:
    case statePartial:
      return fromEstablished(endpoint, peer, segment);
    case stateClosed:
      return fromClosed(endpoint, peer, segment);
    default:
      return false;
  }
}

function fromInactive(
  flow: Flow,
  endpoint: Endpoint,
  peer: Endpoint,
  isOrig: boolean,
  segment: TcpSegment,
  flipper: Flipper,
): boolean {
  const { flags } = segment;
  let closes = false;
  if ((flags & flagSyn) !== 0) onSyn(flow, endpoint, peer, isOrig, segment, flipper);
  if ((flags & flagFin) !== 0) {
    endpoint.setState(stateClosed);
    closes = true;
  }
  if ((flags & flagRst) !== 0) {
    endpoint.setState(stateReset);
    closes = true;
  }
  if (endpoint.state !== stateInactive) return closes;
  // Some stacks acknowledge a SYN before they answer it: that makes no partial connection.
  const isEarlyAck = !isOrig && segment.dataBytes === 0 && flow.orig.state === stateSynSent;
  if (isEarlyAck) return closes;
  if ((flags & flagAck) !== 0 && peer.state === stateEstablished) {
    // The SYN was missed, its answer was seen, and this completes the handshake.
    endpoint.setState(stateEstablished);
    flow.isPartial = false;
    if (isOrig) flow.origSeen = true;
    else flow.respSeen = true;
  } else {
    endpoint.setState(statePartial);
  }
  return closes;
}

function onSyn(
  flow: Flow,
  endpoint: Endpoint,
  peer: Endpoint,
  isOrig: boolean,
  segment: TcpSegment,
  flipper: Flipper,
): void {
  const hasAck = (segment.flags & flagAck) !== 0;
  if (isOrig) {
    endpoint.setState(hasAck ? stateSynAckSent : stateSynSent);
    flow.attemptUntil = flow.lastTime + timeouts.attempt;
    return;
  }
  if (!hasAck && peer.state === stateSynAckSent && segment.sequence === endpoint.startSequence) {
    // SYN and its answer were captured in the wrong order.
    flow.isPartial = false;
    flipper.flip(flow);
    peer.setState(stateEstablished);
    flow.origSeen = true;
  }
  if (peer.state === stateSynSent) peer.setState(stateEstablished);
  endpoint.setState(stateEstablished);
}

function fromSynSent(endpoint: Endpoint, { flags }: TcpSegment): boolean {
  let closes = false;
  if ((flags & flagFin) !== 0) {
    endpoint.setState(stateClosed);
    closes = true;
  }
  if ((flags & flagRst) !== 0) {
    endpoint.setState(stateReset);
    closes = true;
  }
  return closes;
}

function fromEstablished(endpoint: Endpoint, peer: Endpoint, { flags }: TcpSegment): boolean {
  const isLateSyn = (flags & flagSyn) !== 0 && (flags & flagAck) === 0;
  if (isLateSyn && endpoint.state === statePartial && peer.state === stateInactive) endpoint.setState(stateSynSent);
  if ((flags & flagRst) !== 0) {
    endpoint.setState(stateReset);
    return true;
  }
  if ((flags & flagFin) === 0) return false;
  endpoint.setState(stateClosed);
  // FIN and then RST from the peer was a normal end after all.
  if (peer.state === stateReset && peer.previousState === stateClosed) peer.setState(stateClosed);
  return true;
}

function fromClosed(endpoint: Endpoint, peer: Endpoint, { flags }: TcpSegment): boolean {
  if ((flags & flagRst) === 0 || peer.state === stateClosed) return false;
  endpoint.setState(stateReset);
  return !endpoint.didClose;
}

/** `conn_state` of Zeek's conn.log for TCP. */
export function tcpConnState({ orig, resp }: Flow, history: string): string {
  const isOrigInactive = isUnopened(orig);
  const isRespInactive = isUnopened(resp);
  if (resp.state === stateReset) {
    if (isRejected(orig, resp)) return 'REJ';
    return isOrigInactive ? 'RSTRH' : 'RSTR';
  }
  if (orig.state === stateReset) {
    if (!isRespInactive) return 'RSTO';
    return /^\^?S[^HAFGIQ]*R/.test(history) ? 'RSTOS0' : 'OTH';
  }
  if (resp.state === stateClosed && orig.state === stateClosed) return 'SF';
  if (orig.state === stateClosed) return isRespInactive ? 'SH' : 'S2';
  if (resp.state === stateClosed) return isOrigInactive ? 'SHR' : 'S3';
  if (orig.state === stateSynSent && resp.state === stateInactive) return 'S0';
  return orig.state === stateEstablished && resp.state === stateEstablished ? 'S1' : 'OTH';
}

function isUnopened({ state }: Endpoint): boolean {
  return state === stateInactive || state === statePartial;
}

/** The responder reset the connection before anything was sent over it. */
function isRejected(orig: Endpoint, resp: Endpoint): boolean {
  if (orig.state === stateSynSent || orig.state === stateSynAckSent) return true;
  return orig.state === stateReset && orig.streamBytes(resp) === 0 && resp.streamBytes(orig) === 0;
}
