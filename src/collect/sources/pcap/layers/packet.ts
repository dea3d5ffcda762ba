import { formatIp } from '../../../../base/ip.ts';

export const noFrames: readonly number[] = [];

/**
 * One packet as far as it was taken apart. Objects are used again (one for each depth of tunnels): nothing of one outlives the
 * call. Addresses are four 32-bit words, IPv4 as `::ffff:a.b.c.d`, so that both versions compare alike.
 */
export class Packet {
  bytes: Uint8Array = new Uint8Array(0);
  view: DataView = new DataView(new ArrayBuffer(0));
  /** µs UTC. */
  time = 0;
  /** Number in the capture, from 1. */
  number = 0;
  /** End of what was captured, as offset in `bytes`. */
  end = 0;
  /** Bytes that the frame had beyond `end` on the wire. */
  cutBytes = 0;

  /** Link-layer addresses, as offsets into `linkView`; -1 when there are none. */
  linkView: DataView = this.view;
  sourceMacAt = -1;
  destinationMacAt = -1;
  /** Outer VLAN id; -1 for none. */
  vlan = -1;
  /** Type of what follows the link layer, and where: an EtherType, or one of `layers/link.ts`. */
  etherType = 0;
  networkAt = 0;

  version: 4 | 6 = 4;
  source0 = 0;
  source1 = 0;
  source2 = 0;
  source3 = 0;
  destination0 = 0;
  destination1 = 0;
  destination2 = 0;
  destination3 = 0;
  /** Number of the protocol in the IP payload. */
  protocol = 0;
  /** Length of the IP packet on the wire, headers included. */
  ipBytes = 0;
  /** IP payload: offset in `bytes`, end of what was captured of it, and its length on the wire. */
  payloadAt = 0;
  payloadEnd = 0;
  payloadBytes = 0;
  /** uids of the tunnels that it came in, innermost first. */
  tunnelParents: readonly string[] = [];
  /** Numbers of the frames before this one that brought fragments of it, where somebody asks for them. */
  earlierFrames: readonly number[] = noFrames;

  /** True when every byte of the IP payload was captured. */
  get isWhole(): boolean {
    return this.payloadEnd - this.payloadAt >= this.payloadBytes;
  }

  /** Takes over where and when a frame was captured, for what is carried inside of it. */
  inherit(outer: Packet): void {
    this.bytes = outer.bytes;
    this.view = outer.view;
    this.time = outer.time;
    this.number = outer.number;
    this.vlan = -1;
    this.linkView = outer.linkView;
    this.sourceMacAt = outer.sourceMacAt;
    this.destinationMacAt = outer.destinationMacAt;
    this.earlierFrames = outer.earlierFrames;
  }
}

/** Addresses that were asked for last, four words for each, by a hash of them. */
const knownAddresses = 4096;
const knownWords = new Int32Array(4 * knownAddresses);
const knownTexts: string[] = Array.from({ length: knownAddresses }, () => '');

/** Canonical text of an address in four words. Every flow needs two, and the same ones come again and again. */
export function addressText(word0: number, word1: number, word2: number, word3: number): string {
  const hash = Math.imul(word3 ^ Math.imul(word2 ^ word1 ^ word0, 0x85eb_ca6b), 0x9e37_79b1);
  const slot = (hash >>> 16) & (knownAddresses - 1);
  const known = knownTexts[slot] ?? '';
  const at = 4 * slot;
  const isKnown =
    knownWords[at] === (word0 | 0) &&
    knownWords[at + 1] === (word1 | 0) &&
    knownWords[at + 2] === (word2 | 0) &&
    knownWords[at + 3] === (word3 | 0);
  if (isKnown && known !== '') return known;
  const text = textOf(word0, word1, word2, word3);
  knownTexts[slot] = text;
  knownWords[at] = word0;
  knownWords[at + 1] = word1;
  knownWords[at + 2] = word2;
  knownWords[at + 3] = word3;
  return text;
}

function textOf(word0: number, word1: number, word2: number, word3: number): string {
  if (word0 === 0 && word1 === 0 && word2 === 0xffff) {
    return `${word3 >>> 24}.${(word3 >>> 16) & 255}.${(word3 >>> 8) & 255}.${word3 & 255}`;
  }
  const high = (BigInt(word0 >>> 0) << 32n) | BigInt(word1 >>> 0);
  return formatIp((high << 64n) | (BigInt(word2 >>> 0) << 32n) | BigInt(word3 >>> 0));
}
