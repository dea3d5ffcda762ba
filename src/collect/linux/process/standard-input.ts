import { closeSync, openSync, readlinkSync, readSync } from 'node:fs';
import { endianness } from 'node:os';
import { formatIp } from '../../../base/ip.ts';

/** The connection that a process has as its standard input; names as Falco's `proc.stdin.type` and `proc.stdin.name`. */
export interface NetworkInput {
  readonly type: 'ipv4' | 'ipv6';
  /** `here:port->there:port`. */
  readonly name: string;
}

/** Bytes of a table of sockets that are read: some 10,000 connections. What stands behind is not found. */
const maxBytes = 2 * 1024 * 1024;
const buffer = Buffer.allocUnsafe(64 * 1024);

/** Undefined when it is no connection of TCP, when the process is gone, and when its socket cannot be found. */
export function readNetworkInput(pid: number): NetworkInput | undefined {
  const inode = /^socket:\[(?<inode>\d{1,20})\]$/.exec(linkOf(`/proc/${pid}/fd/0`))?.groups?.['inode'];
  if (inode === undefined) return undefined;
  for (const [file, type] of [
    ['tcp', 'ipv4'],
    ['tcp6', 'ipv6'],
  ] as const) {
    const name = connectionIn(textOf(`/proc/${pid}/net/${file}`), inode);
    if (name !== undefined) return { type, name };
  }
  return undefined;
}

/** Of a file `/proc/PID/net/tcp` or `tcp6` (proc(5)) the connection with that inode. */
export function connectionIn(table: string, inode: string): string | undefined {
  for (const line of table.split('\n')) {
    if (!line.includes(` ${inode} `)) continue;
    const fields = line.trim().split(/\s+/, 10);
    const [here, there] = [endOf(fields[1] ?? ''), endOf(fields[2] ?? '')];
    if (fields[9] === inode && here !== undefined && there !== undefined) return `${here}->${there}`;
  }
  return undefined;
}

/** `0100007F:115D` is 127.0.0.1:4445: words of 32 bits in the byte order of the machine. */
function endOf(text: string): string | undefined {
  const [address = '', port = ''] = text.split(':');
  if (!/^(?:[\dA-F]{8}|[\dA-F]{32})$/.test(address) || !/^[\dA-F]{4}$/.test(port)) return undefined;
  const bytes = Buffer.from(address, 'hex');
  if (endianness() === 'LE') bytes.swap32();
  const number = BigInt(`0x${bytes.toString('hex')}`);
  const ip = formatIp(bytes.length === 4 ? (0xffffn << 32n) | number : number);
  return `${ip.includes(':') ? `[${ip}]` : ip}:${Number.parseInt(port, 16)}`;
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}

function textOf(path: string): string {
  let descriptor: number | undefined;
  let text = '';
  try {
    descriptor = openSync(path, 'r');
    for (let count = -1; count !== 0 && text.length < maxBytes;) {
      count = readSync(descriptor, buffer, 0, buffer.length, null);
      text += buffer.toString('latin1', 0, count);
    }
  } catch {
    // It is gone: what was read so far counts.
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
  return text;
}
