import { canonicalIp } from '../../../base/ip.ts';

/** Where a call leads: `struct sockaddr` of the families that are told. */
export type Address =
  | { readonly family: 'inet' | 'inet6'; readonly ip: string; readonly port: number }
  | { readonly family: 'unix'; readonly path: string }
  | { readonly family: 'packet' };

/** The address in these bytes; undefined for other families. Paths may be cut. */
export function readAddress(bytes: Buffer): Address | undefined {
  switch (bytes.readUInt16LE(0)) {
    case 1: {
      // A name that begins with a zero byte stands in no folder; tools write an @.
      const isAbstract = bytes[2] === 0;
      const end = bytes.indexOf(0, isAbstract ? 3 : 2);
      const path = bytes.toString('utf8', isAbstract ? 3 : 2, end < 0 ? bytes.length : end);
      return { family: 'unix', path: isAbstract ? `@${path}` : path };
    }
    case 2:
      return { family: 'inet', ip: bytes.subarray(4, 8).join('.'), port: bytes.readUInt16BE(2) };
    case 10: {
      const groups = Array.from({ length: 8 }, (_none, index) => bytes.readUInt16BE(8 + 2 * index).toString(16));
      return { family: 'inet6', ip: canonicalIp(groups.join(':')) ?? '::', port: bytes.readUInt16BE(2) };
    }
    case 17:
      return { family: 'packet' };
    default:
      return undefined;
  }
}
