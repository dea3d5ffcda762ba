import { createRequire } from 'node:module';
import { networkInterfaces, platform } from 'node:os';
import { formatIp } from '../../base/ip.ts';

/** An address of this machine, as getifaddrs(3) tells it. */
export interface OwnAddress {
  readonly interface: string;
  /** A link-local one with its interface behind `%`. */
  readonly address: string;
  readonly mask: string;
  /** Empty where there is none. */
  readonly broadcast: string;
  readonly pointToPoint: string;
}

/** Every address, those of interfaces without a carrier too; where the C library cannot be asked, of those that run. */
export function ownAddresses(): readonly OwnAddress[] {
  return askLibrary() ?? runningAddresses();
}

/** Addresses of one machine. */
const maxAddresses = 100_000;
const inet = 2;
const inet6 = 10;
const broadcastFlag = 0x2;

interface Entry {
  readonly next: unknown;
  readonly name: string;
  readonly flags: number;
  readonly address: unknown;
  readonly mask: unknown;
  readonly other: unknown;
}

interface Koffi {
  load(name: null): { func(prototype: string): (...values: unknown[]) => number };
  struct(fields: Readonly<Record<string, string>>): object;
  array(of: string, length: number): object;
  decode(at: unknown, type: string | object): unknown;
}

/** Made once: koffi keeps every type and function that it is told of, and a pack asks for months. */
let bound: ReturnType<typeof bind> | undefined;

function bind() {
  const koffi = createRequire(import.meta.url)('koffi') as Koffi;
  const library = koffi.load(null);
  // struct ifaddrs of `ifaddrs.h`.
  const layout = koffi.struct({
    next: 'void *',
    name: 'const char *',
    flags: 'unsigned int',
    address: 'void *',
    mask: 'void *',
    other: 'void *',
    data: 'void *',
  });
  const ask = library.func('int getifaddrs(_Out_ void **list)');
  return { koffi, layout, ask, free: library.func('void freeifaddrs(void *list)') };
}

function askLibrary(): OwnAddress[] | undefined {
  if (platform() !== 'linux') return undefined;
  try {
    const { koffi, ask, free, layout } = (bound ??= bind());
    const list: unknown[] = [null];
    if (ask(list) !== 0) return undefined;
    try {
      return [...entriesOf(koffi, layout, list[0])];
    } finally {
      free(list[0]);
    }
  } catch {
    return undefined;
  }
}

function* entriesOf(koffi: Koffi, layout: object, first: unknown): Generator<OwnAddress> {
  const text = (at: unknown): string => addressAt(koffi, at) ?? '';
  let at = first;
  for (let count = 0; at !== null && at !== undefined && count < maxAddresses; count++) {
    const { next, name, flags, address, mask, other } = koffi.decode(at, layout) as Entry;
    at = next;
    const own = text(address);
    if (own === '') continue;
    const scoped = own.startsWith('fe80:') ? `${own}%${name}` : own;
    const far = text(other);
    const isBroadcast = (flags & broadcastFlag) !== 0;
    yield {
      interface: name,
      address: scoped,
      mask: text(mask),
      broadcast: isBroadcast ? far : '',
      pointToPoint: isBroadcast ? '' : far,
    };
  }
}

/** Of struct sockaddr_in or sockaddr_in6; undefined for none, and for those of other families. */
function addressAt(koffi: Koffi, at: unknown): string | undefined {
  if (at === null || at === undefined) return undefined;
  const family = koffi.decode(at, 'uint16_t');
  if (family !== inet && family !== inet6) return undefined;
  const [start, length] = family === inet ? [4, 4] : [8, 16];
  const bytes = koffi.decode(at, koffi.array('uint8_t', start + length)) as ArrayLike<number>;
  const part = Buffer.from(Array.from(bytes)).subarray(start);
  if (family === inet) return part.join('.');
  return formatIp(part.reduce((value, byte) => (value << 8n) | BigInt(byte), 0n));
}

function runningAddresses(): OwnAddress[] {
  return Object.entries(networkInterfaces()).flatMap(([name, addresses = []]) =>
    addresses.map(({ address, netmask, family, internal, scopeid = 0 }) => ({
      interface: name,
      address: scopeid > 0 ? `${address}%${name}` : address,
      mask: netmask,
      broadcast: family === 'IPv4' && !internal ? broadcastOf(address, netmask) : '',
      pointToPoint: family === 'IPv4' && internal ? address : '',
    })),
  );
}

function broadcastOf(address: string, mask: string): string {
  const masks = mask.split('.').map(Number);
  return address
    .split('.')
    .map((part, index) => Number(part) | (~(masks[index] ?? 255) & 255))
    .join('.');
}
