import { formatIp } from '../../../../base/ip.ts';

/** A `struct sockaddr` as the kernel logs it. */
export type SocketAddress =
  | { readonly family: 'inet' | 'inet6'; readonly ip: string; readonly port: number }
  /** `path` is null for an unnamed socket; the name of an abstract one begins with `@`. */
  | { readonly family: 'unix'; readonly path: string | null }
  | { readonly family: 'netlink'; readonly portId: number; readonly groups: number }
  | { readonly family: 'packet'; readonly protocol: number; readonly interfaceIndex: number }
  | { readonly family: 'other'; readonly number: number }
  | { readonly family: 'short'; readonly name: string };

/** AF_ numbers of linux/socket.h by their usual names. */
const familyNames: readonly string[] = (
  'unspec unix inet ax25 ipx appletalk netrom bridge atmpvc x25 inet6 rose decnet netbeui security key netlink packet ' +
  'ash econet atmsvc rds sna irda pppox wanpipe llc ib mpls can tipc bluetooth iucv rxrpc isdn phonet ieee802154 caif ' +
  'alg nfc vsock kcm qipcrtr smc xdp mctp'
).split(' ');

const unixFamily = 1;
const inetFamily = 2;
const inet6Family = 10;
const netlinkFamily = 16;
const packetFamily = 17;

export function familyName(number: number): string {
  return familyNames[number] ?? String(number);
}

/** Reads the bytes of a SOCKADDR record; undefined when they are too few for a family. */
export function readSocketAddress(bytes: Uint8Array): SocketAddress | undefined {
  if (bytes.length < 2) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // The family stands in the byte order of the machine; all are below 256, so the order shows.
  const isLittle = view.getUint8(1) === 0 || view.getUint8(0) !== 0;
  const number = view.getUint16(0, isLittle);
  if (number === inetFamily) {
    if (bytes.length < 8) return { family: 'short', name: 'inet' };
    return { family: 'inet', ip: bytes.subarray(4, 8).join('.'), port: view.getUint16(2) };
  }
  if (number === inet6Family) {
    if (bytes.length < 24) return { family: 'short', name: 'inet6' };
    return { family: 'inet6', ip: ipv6At(view, 8), port: view.getUint16(2) };
  }
  if (number === unixFamily && bytes.length === 2) return { family: 'short', name: 'local' };
  if (number === unixFamily) return { family: 'unix', path: unixPath(bytes.subarray(2, 110)) };
  if (number === netlinkFamily) {
    if (bytes.length < 12) return { family: 'short', name: 'netlink' };
    return { family: 'netlink', portId: view.getUint32(4, isLittle), groups: view.getUint32(8, isLittle) };
  }
  if (number === packetFamily) {
    if (bytes.length < 8) return { family: 'short', name: 'packet' };
    return { family: 'packet', protocol: view.getUint16(2), interfaceIndex: view.getInt32(4, isLittle) };
  }
  return { family: 'other', number };
}

/** `{ saddr_fam=inet laddr=192.0.2.1 lport=80 }`, the form in which auditd writes an address out. */
export function socketAddressText(address: SocketAddress): string {
  return `{ saddr_fam=${partsOf(address)} }`;
}

function partsOf(address: SocketAddress): string {
  switch (address.family) {
    case 'inet':
    case 'inet6':
      return `${address.family} laddr=${address.ip} lport=${address.port}`;
    case 'unix':
      return `local path=${address.path ?? ''}`;
    case 'netlink':
      return `netlink nlnk-fam=${netlinkFamily} nlnk-pid=${address.portId}`;
    case 'packet':
      return `packet protocol=${address.protocol} interface=${address.interfaceIndex}`;
    case 'short':
      return `${address.name} sockaddr len too short`;
    case 'other':
      return `${familyName(address.number)} (unsupported)`;
  }
}

function ipv6At(view: DataView, at: number): string {
  return formatIp((view.getBigUint64(at) << 64n) | view.getBigUint64(at + 8));
}

/** A path ends at its first NUL; an abstract name begins with one and may hold more of them. */
function unixPath(bytes: Uint8Array): string | null {
  if (bytes.length === 0) return null;
  if (bytes[0] !== 0) {
    const end = bytes.indexOf(0);
    return Buffer.from(end < 0 ? bytes : bytes.subarray(0, end)).toString('utf8');
  }
  let end = bytes.length;
  while (end > 1 && bytes[end - 1] === 0) end--;
  return end <= 1 ? null : `@${Buffer.from(bytes.subarray(1, end)).toString('utf8').replaceAll('\0', '@')}`;
}
