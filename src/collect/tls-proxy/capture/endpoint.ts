import { parseIp, type IpNumber } from '../../../base/ip.ts';

/** One end of a connection as it is written into packets. */
export interface Endpoint {
  readonly ip: IpNumber;
  readonly port: number;
}

/** Undefined for what is no address and port, as of a socket that is gone. */
export function endpointOf(address: string | undefined, port: number | undefined): Endpoint | undefined {
  const ip = address === undefined ? undefined : parseIp(address);
  return ip === undefined || port === undefined ? undefined : { ip, port };
}

export function isV4({ ip }: Endpoint): boolean {
  return ip >> 32n === 0xffffn;
}

/** Sixteen bytes; those of an IPv4 address are the last four. */
export function addressBytes({ ip }: Endpoint): Buffer {
  return Buffer.from(ip.toString(16).padStart(32, '0'), 'hex');
}
