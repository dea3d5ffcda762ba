import { createServer, type Server, type Socket } from 'node:net';
import { canonicalIp } from '../../base/ip.ts';
import { LeafContexts } from './authority/leaf-contexts.ts';
import type { Front } from './fronts/front.ts';
import { OwnWays } from './own-ways.ts';
import { PinnedClients } from './pinned-clients.ts';
import type { ProxyOptions } from './proxy-options.ts';
import { bufferBound } from './relay.ts';
import { serveConnection, type SessionContext } from './session.ts';

/**
 * Stands between clients and TLS servers, decrypts what rules allow, and writes it down as packets. Whoever holds the key of its authority can
 * read and change what its clients believe to be private.
 */
export class TlsProxy {
  /** Connections that were closed because there were too many. */
  turnedAway = 0;
  /** Connections that were closed because their clients may not use it. */
  refused = 0;
  readonly #options: ProxyOptions;
  readonly #servers: Server[] = [];
  readonly #clients = new Set<Socket>();
  readonly #serving = new Set<Promise<void>>();
  readonly #ways = new OwnWays();
  readonly #context: SessionContext;

  constructor(options: ProxyOptions) {
    this.#options = options;
    this.#context = {
      options,
      leaves: new LeafContexts(options.issuer),
      pinned: new PinnedClients(options.failOpenMs),
      ways: this.#ways,
    };
  }

  get openConnections(): number {
    return this.#clients.size;
  }

  /** Opens all listeners; the ports that they got, in their order. */
  async listen(): Promise<number[]> {
    const ports: number[] = [];
    for (const { front, host, port } of this.#options.listeners) {
      const server = createServer({ allowHalfOpen: true, noDelay: true, ...bufferBound }, (socket) =>
        this.#accept(socket, front),
      );
      this.#servers.push(server);
      await new Promise<void>((done, fail) => {
        server.once('error', fail);
        server.listen({ host, port, backlog: 4096 }, done);
      });
      // Accepting fails when there are no descriptors left.
      server.on('error', () => void this.turnedAway++);
      const address = server.address();
      const got = typeof address === 'object' && address !== null ? address.port : port;
      this.#ways.listensOn(got);
      ports.push(got);
    }
    return ports;
  }

  /** Stops listening and ends all connections; resolves when each of them has been told. */
  async close(): Promise<void> {
    const closed = this.#servers.map((server) => new Promise<void>((done) => server.close(() => done())));
    for (const client of this.#clients) client.destroy();
    await Promise.all([...closed, ...this.#serving]);
  }

  #accept(socket: Socket, front: Front): void {
    const address = canonicalIp(socket.remoteAddress ?? '');
    if (address === undefined || !this.#options.mayUse(address)) {
      this.refused++;
      socket.destroy();
      return;
    }
    if (this.#clients.size >= this.#options.limits.connections) {
      this.turnedAway++;
      socket.destroy();
      return;
    }
    this.#clients.add(socket);
    const serving = serveConnection(socket, front, this.#context).finally(() => {
      this.#clients.delete(socket);
      this.#serving.delete(serving);
    });
    this.#serving.add(serving);
  }
}
