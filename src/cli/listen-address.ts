import { VakthundError } from '../base/errors.ts';
import { parseCidr, parseIp } from '../base/ip.ts';

export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

const loopback = [parseCidr('127.0.0.0/8'), parseCidr('::1')];

/** `127.0.0.1:8080`, `[::1]:8080`, `localhost:8080`; port 0 for any that is free. */
export function parseListenAddress(option: string, text: string): ListenAddress {
  const groups = /^(?:\[(?<v6>[0-9a-f:.]+)\]|(?<host>[^:[\]]+)):(?<port>\d{1,5})$/i.exec(text)?.groups;
  const host = groups?.['v6'] ?? groups?.['host'] ?? '';
  const port = Number(groups?.['port']);
  if ((host !== 'localhost' && parseIp(host) === undefined) || port > 65_535) {
    throw new VakthundError('USAGE', `${option}: "${text}" is no address to listen on`, {
      hint: '127.0.0.1:8080 or [::1]:8080',
    });
  }
  return { host, port };
}

export function isLoopback({ host }: ListenAddress): boolean {
  const ip = parseIp(host);
  if (ip === undefined) return host === 'localhost';
  return loopback.some((range) => range !== undefined && range.first <= ip && ip <= range.last);
}
