import { hash } from 'node:crypto';
import { transportIcmp, transportIcmpv6, transportSctp, transportTcp, transportUdp, type Flow } from './flow.ts';

const buffer = Buffer.alloc(40);
/** Views of it by the length of what is hashed. */
const inputs = Array.from({ length: buffer.length + 1 }, (_none, length) => buffer.subarray(0, length));

/** Community ID 1.0 with seed 0 (https://github.com/corelight/community-id-spec), made when it is first asked for. */
export function communityId(flow: Flow): string {
  if (flow.communityId === '') flow.communityId = communityIdOf(flow);
  return flow.communityId;
}

function communityIdOf(flow: Flow): string {
  const { protocol } = flow;
  const isV4 = flow.orig0 === 0 && flow.orig1 === 0 && flow.orig2 === 0xffff && flow.resp2 === 0xffff;
  const isSwapped = !flow.isOneWay && isOrigLarger(flow);
  let at = buffer.writeUInt16BE(0, 0);
  if (isSwapped) {
    at = writeAddress(at, isV4, flow.resp0, flow.resp1, flow.resp2, flow.resp3);
    at = writeAddress(at, isV4, flow.orig0, flow.orig1, flow.orig2, flow.orig3);
  } else {
    at = writeAddress(at, isV4, flow.orig0, flow.orig1, flow.orig2, flow.orig3);
    at = writeAddress(at, isV4, flow.resp0, flow.resp1, flow.resp2, flow.resp3);
  }
  at = buffer.writeUInt8(protocol, at);
  at = buffer.writeUInt8(0, at);
  if (hasPorts(protocol)) {
    at = buffer.writeUInt16BE(isSwapped ? flow.respPort : flow.origPort, at);
    at = buffer.writeUInt16BE(isSwapped ? flow.origPort : flow.respPort, at);
  }
  return `1:${hash('sha1', inputs[at] ?? buffer, 'base64')}`;
}

function hasPorts(protocol: number): boolean {
  return (
    protocol === transportTcp ||
    protocol === transportUdp ||
    protocol === transportIcmp ||
    protocol === transportIcmpv6 ||
    protocol === transportSctp
  );
}

/** Order of the ends: by address, then by port. */
function isOrigLarger(flow: Flow): boolean {
  if (flow.orig0 !== flow.resp0) return flow.orig0 >>> 0 > flow.resp0 >>> 0;
  if (flow.orig1 !== flow.resp1) return flow.orig1 >>> 0 > flow.resp1 >>> 0;
  if (flow.orig2 !== flow.resp2) return flow.orig2 >>> 0 > flow.resp2 >>> 0;
  if (flow.orig3 !== flow.resp3) return flow.orig3 >>> 0 > flow.resp3 >>> 0;
  return flow.origPort > flow.respPort;
}

function writeAddress(at: number, isV4: boolean, word0: number, word1: number, word2: number, word3: number): number {
  if (isV4) return buffer.writeInt32BE(word3, at);
  let next = buffer.writeInt32BE(word0, at);
  next = buffer.writeInt32BE(word1, next);
  next = buffer.writeInt32BE(word2, next);
  return buffer.writeInt32BE(word3, next);
}
