import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { canonicalIp } from '../../base/ip.ts';
import type { Micros } from '../../base/time.ts';
import { ja3, ja4 } from '../sources/pcap/tls/fingerprints.ts';
import type { ClientHello } from '../sources/pcap/tls/client-hello.ts';
import type { LeafContexts } from './authority/leaf-contexts.ts';
import { endpointOf, type Endpoint } from './capture/endpoint.ts';
import type { ConnectionOutcome, ConnectionRecord, OriginTls } from './connection-record.ts';
import { readClientOpening } from './client-opening.ts';
import type { Front, ProxyRequest } from './fronts/front.ts';
import { OpeningReader } from './opening-reader.ts';
import type { OwnWays } from './own-ways.ts';
import { isCertificateAlert, type PinnedClients } from './pinned-clients.ts';
import type { ProxyOptions } from './proxy-options.ts';
import { bufferBound, relay, type Tap } from './relay.ts';
import { isName, plainName, type ProxyVerdict } from './rules.ts';
import { openUpstream, startUpstreamTls, UpstreamError, type UpstreamTls } from './upstream.ts';

export interface SessionContext {
  readonly options: ProxyOptions;
  readonly leaves: LeafContexts;
  readonly pinned: PinnedClients;
  readonly ways: OwnWays;
}

/** Fatal alerts (RFC 8446, 6.2). */
const alert = { handshakeFailure: 40, certificateUnknown: 46, accessDenied: 49 } as const;

/** Takes a connection from its first byte to its last, and tells what became of it. Never rejects. */
export async function serveConnection(client: Socket, front: Front, context: SessionContext): Promise<void> {
  const session = new Session(client, context);
  let outcome: ConnectionOutcome;
  try {
    outcome = await session.run(front);
  } catch (error) {
    outcome = session.failed(error);
  }
  await session.answerHello(outcome);
  session.close();
  const record = session.record(outcome);
  if (record !== undefined) context.options.onConnection(record);
}

class Session {
  readonly #client: Socket;
  readonly #context: SessionContext;
  readonly #clientEnd: Endpoint | undefined;
  readonly #address: string;
  readonly #started: Micros;
  /** Ends a connection that takes too long to begin. */
  #timer: NodeJS.Timeout | undefined;
  /** The client has sent its hello, and nobody has answered it. */
  #owesAnswer = false;
  #upstream: Socket | undefined;
  #serverEnd: Endpoint | undefined;
  readonly #facts: { -readonly [Key in keyof ConnectionRecord]?: ConnectionRecord[Key] } = {};

  constructor(client: Socket, context: SessionContext) {
    this.#client = client;
    this.#context = context;
    this.#address = canonicalIp(client.remoteAddress ?? '') ?? '';
    this.#clientEnd = endpointOf(client.remoteAddress, client.remotePort);
    this.#started = this.#now();
    client.on('error', () => client.destroy());
  }

  async run(front: Front): Promise<ConnectionOutcome> {
    const { openingMs } = this.#context.options.limits;
    this.#endAfter(openingMs, 'the opening took too long');
    const reader = new OpeningReader(this.#client);
    const request = await front.request(this.#client, reader);
    if (request === undefined) return this.#fail('the client asked for no connection');
    const { host } = request;
    if (this.#isOwn(front, request)) return this.#fail('a way back to this proxy');
    if (host !== undefined && !(await this.#mayReach(request, host))) return this.#block(request);
    request.accept();
    await this.#firstWord(reader);
    this.#endAfter(openingMs, 'the opening took too long');
    const opening = await readClientOpening(reader, Promise.resolve());
    const whole = reader.release();
    if (opening.kind === 'ended') return this.#fail('the client said nothing');
    const hello = opening.kind === 'tls' ? opening.hello : undefined;
    this.#owesAnswer = hello !== undefined && whole === undefined;
    const verdict = this.#judge(this.#namesOf(host, hello), this.#upstream?.remoteAddress);
    // The client was told that the way is open: there is no answer left but to close.
    if (verdict.action === 'block') return 'blocked';
    if (this.#upstream === undefined) {
      if (hello?.serverName === undefined || !isName(hello.serverName)) {
        return this.#fail('nothing tells where the client wants to go');
      }
      await this.#reach(request, hello.serverName);
    }
    const upstream = this.#upstream;
    if (upstream === undefined) return this.#fail('no way to the origin');
    if ('isOdd' in opening) this.#facts.reason = 'it begins as TLS, and cannot be read';
    if (verdict.action === 'bypass' || hello === undefined) return this.#pass(upstream, verdict, whole);
    if (whole !== undefined) return this.#fail('the client ended the handshake');
    return this.#inspect(upstream, hello);
  }

  /** A client that will not be served is told so in TLS, rather than by an end without a word. */
  async answerHello(outcome: ConnectionOutcome): Promise<void> {
    if (!this.#owesAnswer || this.#client.destroyed) return;
    const refused = this.#facts.fault === undefined ? alert.handshakeFailure : alert.certificateUnknown;
    const code = outcome === 'blocked' ? alert.accessDenied : refused;
    await new Promise<void>((done) => void this.#client.end(Buffer.of(21, 3, 3, 0, 2, 2, code), () => done()));
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#client.destroy();
    this.#upstream?.destroy();
  }

  failed(error: unknown): ConnectionOutcome {
    this.#facts.reason ??= error instanceof Error ? error.message : String(error);
    return error instanceof UpstreamError ? 'unreachable' : 'failed';
  }

  #endAfter(ms: number, reason: string): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#facts.reason ??= reason;
      this.close();
    }, ms);
  }

  /**
   * Waits for whoever speaks first, and as long as any connection may be still: a browser opens some before it needs them. Where the server
   * is known by the hello alone nobody but the client can.
   */
  async #firstWord(reader: OpeningReader): Promise<void> {
    const upstream = this.#upstream;
    if (upstream === undefined) return void (await reader.has(1));
    this.#endAfter(this.#context.options.limits.idleMs, 'nothing passed for too long');
    let heard = (): void => undefined;
    const spoke = new Promise<void>((done) => (heard = done));
    upstream.on('readable', heard).on('close', heard);
    await reader.has(1, spoke);
    upstream.off('readable', heard).off('close', heard);
  }

  /** Undefined for a client that was gone before its address could be asked. */
  record(outcome: ConnectionOutcome): ConnectionRecord | undefined {
    if (this.#clientEnd === undefined) return undefined;
    const server = this.#serverEnd;
    return {
      clientBytes: 0,
      serverBytes: 0,
      ...this.#facts,
      time: this.#started,
      client: this.#clientEnd,
      server,
      outcome,
    };
  }

  /** This proxy itself, turned here by a firewall. */
  #isOwn(front: Front, { host, port }: ProxyRequest): boolean {
    if (front.id !== 'transparent' || host === undefined) return false;
    return !this.#context.ways.turned(this.#client, { host, port });
  }

  /** Opens the way to the host that was asked for, unless a rule blocks its name or where that leads. */
  async #mayReach(request: ProxyRequest, host: string): Promise<boolean> {
    const { hasNetworks } = this.#context.options.rules;
    if (!hasNetworks && this.#isBlocked(host)) return false;
    await this.#reach(request, host);
    return !hasNetworks || !this.#isBlocked(host);
  }

  /** Carries the bytes as they are; what is to be inspected and is no TLS is written down. */
  async #pass(upstream: Socket, { action }: ProxyVerdict, whole: Buffer | undefined): Promise<ConnectionOutcome> {
    this.#owesAnswer = false;
    await this.#relay(this.#client, upstream, action === 'inspect', whole);
    return action === 'bypass' ? 'bypassed' : 'plain';
  }

  /** By its name alone; an address without one is judged when the hello has come. */
  #isBlocked(host: string): boolean {
    return isName(host) && this.#judge([host], this.#upstream?.remoteAddress).action === 'block';
  }

  #block(request: ProxyRequest): ConnectionOutcome {
    request.refuse('blocked');
    return 'blocked';
  }

  /** Names to judge by, taken note of; the hello comes last. */
  #namesOf(asked: string | undefined, hello: ClientHello | undefined): string[] {
    const name = hello?.serverName;
    if (hello !== undefined) Object.assign(this.#facts, { ja3: ja3(hello), ja4: ja4(hello, 'tcp') });
    this.#facts.name = name ?? asked;
    const isAskedName = asked !== undefined && canonicalIp(asked) === undefined;
    if (isAskedName && name !== undefined && plainName(asked) !== plainName(name)) this.#facts.askedHost = asked;
    return [...(isAskedName ? [asked] : []), ...(name === undefined ? [] : [name])];
  }

  #judge(names: readonly string[], address: string | undefined): ProxyVerdict {
    const { rules } = this.#context.options;
    let verdict = rules.judge(names.filter(isName), address);
    const called = plainName(names.at(-1) ?? address ?? '');
    this.#facts.name ??= names.at(-1);
    if (verdict.action === 'inspect' && this.#context.pinned.has(this.#address, called, this.#nowMs())) {
      verdict = { action: 'bypass', rule: 'fail-open: the client refused our certificate before' };
    }
    Object.assign(this.#facts, verdict);
    return verdict;
  }

  async #reach(request: ProxyRequest, host: string): Promise<void> {
    const { limits } = this.#context.options;
    const mayReachOwn = isLoopback(this.#address);
    const options = { timeoutMs: limits.openingMs, mayReachOwn, ways: this.#context.ways };
    try {
      this.#upstream = await openUpstream({ host, port: request.port }, options);
    } catch (error) {
      request.refuse('unreachable');
      throw error;
    }
    this.#serverEnd = endpointOf(this.#upstream.remoteAddress, this.#upstream.remotePort);
    if (this.#client.destroyed) throw new Error('the client went away');
  }

  async #inspect(raw: Socket, hello: ClientHello): Promise<ConnectionOutcome> {
    const { options } = this.#context;
    const host = hello.serverName !== undefined && isName(hello.serverName) ? plainName(hello.serverName) : undefined;
    const shown = host ?? canonicalIp(raw.remoteAddress ?? '') ?? '';
    const upstream = await startUpstreamTls(raw, {
      serverName: host,
      host: shown,
      protocols: hello.protocols,
      roots: options.roots,
      timeoutMs: options.limits.openingMs,
      ...(options.onKeyLog === undefined ? {} : { onKeyLog: options.onKeyLog }),
    });
    this.#upstream = upstream.socket;
    this.#facts.tls = originOf(upstream);
    this.#facts.fault = upstream.fault;
    if (upstream.fault !== undefined && options.faultPolicy === 'refuse') {
      return this.#fail(`the origin's certificate is in error: ${upstream.fault}`);
    }
    if (this.#client.destroyed) return this.#fail('the client went away');
    const client = await this.#startClientTls(shown, upstream);
    if (typeof client === 'string') {
      this.#facts.reason ??= client;
      if (!isCertificateAlert(client)) return 'failed';
      // Of an origin in error nothing is learned: the client does right.
      if (upstream.fault === undefined) this.#context.pinned.add(this.#address, shown, this.#nowMs());
      return 'client-refused';
    }
    await this.#relay(client, upstream.socket, true);
    return 'inspected';
  }

  /** The decrypted client, or why it did not take our certificate. */
  #startClientTls(host: string, { socket: upstream, fault }: UpstreamTls): Promise<TLSSocket | string> {
    const { onKeyLog } = this.#context.options;
    this.#owesAnswer = false;
    const protocol = upstream.alpnProtocol;
    const client = new TLSSocket(this.#client, {
      isServer: true,
      ...bufferBound,
      secureContext: this.#context.leaves.get(host, fault, this.#nowMs()),
      // What the origin chose from the client's own list is the only thing on offer.
      ...(typeof protocol === 'string' ? { ALPNProtocols: [protocol] } : {}),
    });
    if (onKeyLog !== undefined) client.on('keylog', onKeyLog);
    return new Promise((done) => {
      client.once('secure', () => done(client));
      client.on('error', (error: NodeJS.ErrnoException) => done(error.code ?? error.message));
      client.once('end', () => done('the client ended the handshake'));
      client.once('close', () => done('the client ended the handshake'));
    });
  }

  async #relay(client: Socket, server: Socket, isRecorded: boolean, whole?: Buffer): Promise<void> {
    clearTimeout(this.#timer);
    const { idleMs } = this.#context.options.limits;
    const tap = isRecorded ? this.#tap() : undefined;
    const { broken, ...passed } = await relay(client, server, { tap, idleMs, whole });
    Object.assign(this.#facts, passed);
    if (broken !== undefined) this.#facts.reason ??= broken;
  }

  #tap(): Tap | undefined {
    const { capture, capturePort } = this.#context.options;
    const [client, server] = [this.#clientEnd, this.#serverEnd];
    if (client === undefined || server === undefined) return undefined;
    const shown = capturePort === undefined ? server : { ip: server.ip, port: capturePort };
    const tcp = capture.connection(client, shown, this.#now());
    return {
      data: (isClient, bytes) => tcp.data(isClient, bytes, this.#now()),
      end: (isClient) => tcp.end(isClient, this.#now()),
      reset: (isClient) => tcp.reset(isClient, this.#now()),
    };
  }

  #fail(reason: string): ConnectionOutcome {
    this.#facts.reason ??= reason;
    return 'failed';
  }

  #nowMs(): number {
    return this.#context.options.nowMs();
  }

  #now(): Micros {
    return Math.round(this.#nowMs() * 1000);
  }
}

function isLoopback(address: string): boolean {
  return address === '::1' || address.startsWith('127.');
}

function originOf({ socket }: UpstreamTls): OriginTls {
  const certificate = socket.getPeerX509Certificate();
  const nameOf = (lines: string | undefined): string | undefined => lines?.split('\n').reverse().join(',');
  return {
    version: socket.getProtocol() ?? '',
    cipher: socket.getCipher().standardName,
    protocol: typeof socket.alpnProtocol === 'string' ? socket.alpnProtocol : undefined,
    subject: nameOf(certificate?.subject),
    issuer: nameOf(certificate?.issuer),
    fingerprint256: certificate?.fingerprint256.replaceAll(':', '').toLowerCase(),
  };
}
