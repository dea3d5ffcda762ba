import { formatIp } from '../../../../../base/ip.ts';
import {
  defineAnalyzer,
  maxHeldBytes,
  type AnalyzerContext,
  type ConnectionAnalyzer,
  type FirstBytes,
  type Recognition,
} from '../../analyzer.ts';
import { logRecord } from '../../log-record.ts';
import { Cursor } from '../../wire/cursor.ts';
import { hexText, ipv4Text, wireText } from '../../wire/text.ts';

export const analyzer = defineAnalyzer({
  id: 'socks',
  title: 'SOCKS',
  description:
    'SOCKS 4, 4a and 5: where the client asked the proxy to connect to, and as whom. Behind it the inner protocol is looked for.',
  references: ['RFC 1928', 'RFC 1929', 'https://www.openssh.com/txt/socks4.protocol'],
  emits: ['log'],
  service: 'socks',
  transports: ['tcp'],
  ports: [1080],
  recognize: recognizeSocks,
  start: () => ({ attach: (context) => new SocksConnection(context) }),
});

/** The longest message: two texts of 255 bytes and what stands around them. */
const maxMessageBytes = 600;

/** An end as a proxy names it: by address, by name, or both. */
interface Named {
  readonly host?: string;
  readonly name?: string;
  readonly port: number;
}

interface Request extends Named {
  readonly version: number;
  readonly user: string | undefined;
}

/** Answers of the proxy (RFC 1928, 6), in Zeek's words. */
const statuses5: readonly string[] = [
  'succeeded',
  'general SOCKS server failure',
  'connection not allowed by ruleset',
  'Network unreachable',
  'Host unreachable',
  'Connection refused',
  'TTL expired',
  'Command not supported',
  'Address type not supported',
];
/** Those of version 4, from 90 on. */
const statuses4: readonly string[] = [
  'succeeded',
  'general SOCKS server failure',
  'request failed because client is not running identd',
  "request failed because client's identd could not confirm the user ID string in the request",
];

class SocksConnection implements ConnectionAnalyzer {
  readonly #context: AnalyzerContext;
  readonly #held: [Buffer, Buffer] = [Buffer.alloc(0), Buffer.alloc(0)];
  #state: 'greeting' | 'authentication' | 'request' | 'reply' | 'open' | 'done' = 'greeting';
  #serverState: 'method' | 'authentication' | 'reply' = 'method';
  #user: string | undefined;
  #request: Request | undefined;
  #inner: ConnectionAnalyzer | undefined;

  constructor(context: AnalyzerContext) {
    this.#context = context;
  }

  data(isOrig: boolean, bytes: Uint8Array): void {
    if (this.#state === 'done') return;
    if (this.#state === 'open') {
      this.#inner?.data(isOrig, bytes);
      return;
    }
    const side = isOrig ? 0 : 1;
    this.#held[side] = Buffer.concat([this.#held[side], bytes]);
    while (this.#isTalking() && (isOrig ? this.#client() : this.#server()));
    // A client may send what it wants to say before the proxy has answered.
    const bound = isOrig && this.#state === 'reply' ? maxHeldBytes : maxMessageBytes;
    if (this.#isTalking() && this.#held[side].length > bound) this.#fail();
  }

  gap(isOrig: boolean, length: number): void {
    if (this.#state === 'open') this.#inner?.gap?.(isOrig, length);
    else this.#state = 'done';
  }

  endOfStream(isOrig: boolean): void {
    this.#inner?.endOfStream?.(isOrig);
  }

  close(): void {
    if (this.#request !== undefined) this.#emit(undefined, undefined);
    this.#inner?.close?.();
  }

  #isTalking(): boolean {
    return this.#state !== 'open' && this.#state !== 'done';
  }

  /** Reads one message of the client; false when it is not complete. */
  #client(): boolean {
    const held = this.#held[0];
    const version = held[0];
    if (held.length < 2 || this.#state === 'reply') return false;
    if (this.#state === 'greeting' && version === 4) return this.#takeRequest(readRequest4(held));
    if (version !== 5 && !(this.#state === 'authentication' && version === 1)) return this.#fail();
    const second = held[1] ?? 0;
    if (this.#state === 'greeting') {
      if (held.length < 2 + second) return false;
      this.#use(0, 2 + second);
      this.#state = 'request';
      return true;
    }
    if (this.#state === 'authentication') {
      const passwordAt = 2 + second;
      const end = passwordAt + 1 + (held[passwordAt] ?? 0);
      if (held.length < end) return false;
      this.#user = wireText(held.subarray(2, passwordAt));
      this.#use(0, end);
      this.#state = 'request';
      return true;
    }
    return this.#takeRequest(readRequest5(held, this.#user));
  }

  #takeRequest(found: { readonly request: Request; readonly length: number } | undefined): boolean {
    if (found === undefined) return false;
    this.#request = found.request;
    this.#use(0, found.length);
    this.#state = 'reply';
    if (found.request.version === 4) this.#serverState = 'reply';
    return true;
  }

  /** Reads one message of the proxy; false when it is not complete. */
  #server(): boolean {
    const held = this.#held[1];
    if (held.length < 2) return false;
    if (this.#serverState === 'method') {
      if (held[0] !== 5) return this.#fail();
      const method = held[1];
      this.#use(1, 2);
      this.#serverState = method === methodPassword ? 'authentication' : 'reply';
      if (method === methodPassword) this.#state = 'authentication';
      return true;
    }
    if (this.#serverState === 'authentication') {
      const status = held[1] ?? 0;
      this.#use(1, 2);
      this.#serverState = 'reply';
      if (status !== 0) this.#refuse(status);
      return true;
    }
    const length = this.#request?.version === 4 ? 8 : replyLength5(held);
    if (length === 0 || held.length < length) return false;
    const status = held[1] ?? 0;
    const bound = this.#request?.version === 4 ? address4(held) : readAddress5(held)?.named;
    this.#use(1, length);
    this.#open(status, bound);
    return true;
  }

  #open(status: number, bound: Named | undefined): void {
    const isFour = this.#request?.version === 4;
    const isGranted = isFour ? status === granted4 : status === 0;
    this.#context.confirm();
    this.#emit((isFour ? statuses4[status - granted4] : statuses5[status]) ?? `unknown-${status}`, bound);
    this.#state = isGranted ? 'open' : 'done';
    if (!isGranted) return;
    this.#inner = this.#context.inner();
    for (const side of [0, 1] as const) {
      if (this.#held[side].length > 0) this.#inner?.data(side === 0, this.#held[side]);
    }
  }

  /** A log-in that failed: there is no request. */
  #refuse(status: number): void {
    this.#context.confirm();
    this.#state = 'done';
    const event = logRecord(this.#context, 'socks', {
      version: 5,
      user: this.#user,
      status: statuses5[status] ?? `unknown-${status}`,
    });
    event.user_name = this.#user ?? null;
    this.#context.emit(event);
  }

  #emit(status: string | undefined, bound: Named | undefined): void {
    const request = this.#request;
    if (request === undefined) return;
    this.#request = undefined;
    const { version, user } = request;
    const ends = { ...namedFields('request', request), ...(bound === undefined ? {} : namedFields('bound', bound)) };
    const event = logRecord(this.#context, 'socks', { version, user, status, ...ends });
    event.user_name = user ?? null;
    this.#context.emit(event);
  }

  #use(side: 0 | 1, length: number): void {
    this.#held[side] = this.#held[side].subarray(length);
  }

  #fail(): false {
    this.#state = 'done';
    this.#context.violation('no SOCKS message');
    return false;
  }
}

const methodPassword = 2;
/** Reply code of SOCKS 4 for a request that is granted. */
const granted4 = 90;

/** A request of SOCKS 4, or of 4a when its address is 0.0.0.x and a name follows. */
function readRequest4(held: Buffer): { readonly request: Request; readonly length: number } | undefined {
  const userEnd = held.indexOf(0, 8);
  if (held.length < 9 || userEnd < 0) return undefined;
  const address = held.subarray(4, 8);
  const isNamed = address.readUInt32BE(0) < 256 && address[3] !== 0;
  const nameEnd = isNamed ? held.indexOf(0, userEnd + 1) : userEnd;
  if (nameEnd < 0) return undefined;
  const named = isNamed ? { name: wireText(held.subarray(userEnd + 1, nameEnd)) } : {};
  const user = userEnd > 8 ? wireText(held.subarray(8, userEnd)) : undefined;
  return { request: { version: 4, user, ...address4(held), ...named }, length: nameEnd + 1 };
}

/** Port and address of a message of SOCKS 4. */
function address4(held: Buffer): Named {
  return { host: ipv4Text(held, 4), port: held.readUInt16BE(2) };
}

function readRequest5(
  held: Buffer,
  user: string | undefined,
): { readonly request: Request; readonly length: number } | undefined {
  const found = readAddress5(held);
  return found === undefined ? undefined : { request: { version: 5, user, ...found.named }, length: found.length };
}

/** The end that a request or a reply of SOCKS 5 names, and the length of the message; undefined while it is cut. */
function readAddress5(held: Buffer): { readonly named: Named; readonly length: number } | undefined {
  const cursor = new Cursor(held, 3);
  const type = cursor.u8();
  const end: { host?: string; name?: string } = {};
  if (type === 1) end.host = ipv4Text(cursor.take(4));
  else if (type === 3) end.name = wireText(cursor.vector(1));
  else if (type === 4) {
    const address = cursor.take(16);
    if (!cursor.isCut) end.host = formatIp(BigInt(`0x${hexText(address)}`));
  }
  const port = cursor.u16();
  return cursor.isCut ? undefined : { named: { ...end, port }, length: cursor.position };
}

/** Under the names of Zeek's log: `request.host`, `request.name`, `request_p`. */
function namedFields(of: 'request' | 'bound', { host, name, port }: Named): Readonly<Record<string, unknown>> {
  return { [`${of}.host`]: host, [`${of}.name`]: name, [`${of}_p`]: port };
}

/** Length of a reply of SOCKS 5; 0 when more bytes are needed to tell. */
function replyLength5(held: Buffer): number {
  if (held.length < 5) return 0;
  if (held[3] === 1) return 10;
  return held[3] === 4 ? 22 : 7 + (held[4] ?? 0);
}

/** A request of version 4 to connect or bind, or a greeting of version 5 that the server answers in kind. */
function recognizeSocks(first: FirstBytes): Recognition {
  const version = first.orig[0];
  if (version === undefined) return 'more';
  if (version === 4) return recognizeSocks4(first);
  return version === 5 ? recognizeSocks5(first) : 'no';
}

function recognizeSocks4({ orig, resp }: FirstBytes): Recognition {
  if (orig.length < 9) return orig.length < 2 || orig[1] === 1 || orig[1] === 2 ? 'more' : 'no';
  if ((orig[1] !== 1 && orig[1] !== 2) || orig.indexOf(0, 8) < 0) return 'no';
  if (resp.length < 2) return 'more';
  const code = resp[1] ?? 0;
  return resp[0] === 0 && code >= granted4 && code <= 93 ? 'match' : 'no';
}

function recognizeSocks5({ orig, resp }: FirstBytes): Recognition {
  const methods = orig[1];
  if (methods === undefined || (methods > 0 && orig.length < 2 + methods)) return 'more';
  if (methods === 0) return 'no';
  if (resp.length < 2) return 'more';
  const method = resp[1] ?? 0;
  return resp[0] === 5 && (method <= methodPassword || method === 255) ? 'match' : 'no';
}
