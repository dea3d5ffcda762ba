import { formatIp } from '../../../base/ip.ts';
import type { OpeningReader } from '../opening-reader.ts';
import { isName } from '../rules.ts';
import { isPort, type Front } from './front.ts';

const version = 5;
const noAuthentication = 0;
const connectCommand = 1;
const reply = { done: 0, blocked: 2, unreachable: 4, command: 7, addressType: 8 } as const;

/** The CONNECT command of SOCKS 5 without authentication (RFC 1928), with names, IPv4 and IPv6 addresses. */
export const socks5: Front = {
  id: 'socks5',
  async request(socket, reader) {
    if (!(await reader.has(2)) || reader.bytes[0] !== version) return void socket.destroy();
    const methods = reader.bytes[1] ?? 0;
    if (!(await reader.has(2 + methods))) return void socket.destroy();
    const isOpen = reader.take(2 + methods).includes(noAuthentication, 2);
    if (!isOpen) return void socket.end(Buffer.of(version, 0xff));
    socket.write(Buffer.of(version, noAuthentication));
    if (!(await reader.has(4)) || reader.bytes[0] !== version) return void socket.destroy();
    const [, command, , addressType = 0] = reader.take(4);
    const refuse = (code: number): undefined => void socket.end(answer(code));
    const place = await placeOf(reader, addressType);
    if (command !== connectCommand) return refuse(reply.command);
    if (place === undefined) return refuse(reply.addressType);
    return { ...place, accept: () => void socket.write(answer(reply.done)), refuse: (reason) => refuse(reply[reason]) };
  },
};

/** The bound address of the answer is left empty, as most proxies do. */
function answer(code: number): Buffer {
  return Buffer.of(version, code, 0, 1, 0, 0, 0, 0, 0, 0);
}

async function placeOf(reader: OpeningReader, type: number): Promise<{ host: string; port: number } | undefined> {
  const host = await hostOf(reader, type);
  if (host === undefined || !(await reader.has(2))) return undefined;
  const port = reader.take(2).readUInt16BE(0);
  return isPort(port) ? { host, port } : undefined;
}

async function hostOf(reader: OpeningReader, type: number): Promise<string | undefined> {
  if (type === 1) return (await reader.has(4)) ? reader.take(4).join('.') : undefined;
  if (type === 4) {
    return (await reader.has(16)) ? formatIp(BigInt(`0x${reader.take(16).toString('hex')}`)) : undefined;
  }
  if (type !== 3 || !(await reader.has(1)) || !(await reader.has(1 + (reader.bytes[0] ?? 0)))) return undefined;
  const length = reader.take(1)[0] ?? 0;
  const name = reader.take(length).toString('latin1');
  return isName(name) ? name : undefined;
}
