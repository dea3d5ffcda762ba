import { createHash } from 'node:crypto';
import { parseIp, parseIpv4 } from '../../../src/base/ip.ts';

export type Transport = 'tcp' | 'udp' | 'icmp';

const protocolNumbers = { icmp: 1, tcp: 6, udp: 17 } as const;
/** ICMP requests and the answers that belong to them: with one of these the pair has two ways. */
const icmpCounterparts: ReadonlyMap<number, number> = new Map([
  [8, 0],
  [0, 8],
  [13, 14],
  [14, 13],
  [17, 18],
  [18, 17],
]);

/** Community ID v1 (github.com/corelight/community-id-spec). For ICMP the ports are type and code. */
export function communityId(
  transport: Transport,
  sourceIp: string,
  sourcePort: number,
  destinationIp: string,
  destinationPort: number,
  seed = 0,
): string {
  let [fromPort, toPort] = [sourcePort, destinationPort];
  let twoWay = true;
  if (transport === 'icmp') {
    const counterpart = icmpCounterparts.get(sourcePort);
    twoWay = counterpart !== undefined;
    [fromPort, toPort] = [sourcePort, counterpart ?? destinationPort];
  }
  let [from, to] = [addressBytes(sourceIp), addressBytes(destinationIp)];
  const order = Buffer.compare(from, to);
  if (twoWay && (order > 0 || (order === 0 && fromPort > toPort))) {
    [from, to] = [to, from];
    [fromPort, toPort] = [toPort, fromPort];
  }
  const head = Buffer.alloc(2);
  head.writeUInt16BE(seed);
  const tail = Buffer.alloc(6);
  tail.writeUInt8(protocolNumbers[transport], 0);
  tail.writeUInt16BE(fromPort, 2);
  tail.writeUInt16BE(toPort, 4);
  return `1:${createHash('sha1')
    .update(Buffer.concat([head, from, to, tail]))
    .digest('base64')}`;
}

function addressBytes(ip: string): Buffer {
  const v4 = parseIpv4(ip);
  if (v4 !== undefined) {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(v4);
    return bytes;
  }
  const value = parseIp(ip);
  if (value === undefined) throw new RangeError(`${ip} is not an address`);
  return Buffer.from(value.toString(16).padStart(32, '0'), 'hex');
}
