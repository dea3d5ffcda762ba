import type { Socket } from 'node:net';
import { platform } from 'node:os';
import koffi from 'koffi';
import { canonicalIp, formatIp } from '../../../base/ip.ts';

/** `linux/netfilter_ipv4.h`, `linux/netfilter_ipv6/ip6_tables.h`, and the socket headers. */
const solIp = 0;
const solIpv6 = 41;
const soOriginalDestination = 80;
const addressBytes = 28;

type GetSocketOption = (fd: number, level: number, name: number, value: Buffer, length: Buffer) => number;

/** Undefined where the C library has another name or there is none. */
function loadGetSocketOption(): GetSocketOption | undefined {
  if (platform() !== 'linux') return undefined;
  try {
    const func = koffi.load('libc.so.6').func('int getsockopt(int, int, int, void *, void *)');
    return func as unknown as GetSocketOption;
  } catch {
    return undefined;
  }
}

const getSocketOption = loadGetSocketOption();

/**
 * Where a connection was going before a firewall of this machine turned it here (Linux). Undefined when it was meant for this port, and where
 * that cannot be asked.
 */
export function originalDestination(socket: Socket): { host: string; port: number } | undefined {
  // Node has no public way to the descriptor of a socket.
  const { fd } = (socket as Socket & { readonly _handle?: { readonly fd?: number } })._handle ?? {};
  const local = canonicalIp(socket.localAddress ?? '');
  if (fd === undefined || fd < 0 || local === undefined) return undefined;
  const isV4 = !local.includes(':');
  const value = Buffer.alloc(addressBytes);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(addressBytes);
  if (getSocketOption?.(fd, isV4 ? solIp : solIpv6, soOriginalDestination, value, length) !== 0) return undefined;
  const v6 = (): string => formatIp(BigInt(`0x${value.subarray(8, 24).toString('hex')}`));
  const host = isV4 ? value.subarray(4, 8).join('.') : v6();
  const port = value.readUInt16BE(2);
  return port === socket.localPort && host === local ? undefined : { host, port };
}
