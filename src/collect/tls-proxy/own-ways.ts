import type { Socket } from 'node:net';
import { canonicalIp } from '../../base/ip.ts';

/**
 * Ways by which this proxy's own connections would come back to it. A server that is the proxy itself would be asked for another connection by
 * each connection, until none is left: where the proxy is called by its own address, and where a firewall turns the proxy's own connections
 * to it. Ways are whole, from end to end: on one machine the same port can be an end of several.
 */
export class OwnWays {
  readonly #ports = new Set<number>();
  readonly #turned = new Map<string, Socket>();
  readonly #going = new Set<string>();

  listensOn(port: number): void {
    this.#ports.add(port);
  }

  /** A client that a firewall turned here on its way to `host` and `port`: false for this proxy itself. */
  turned(client: Socket, { host, port }: { readonly host: string; readonly port: number }): boolean {
    const way = wayOf(client.remoteAddress, client.remotePort, host, port);
    if (this.#going.has(way)) return false;
    this.#turned.set(way, client);
    client.once('close', () => this.#turned.delete(way));
    return true;
  }

  /** Does a connection that this proxy has just opened lead back to it? Its two ends may be told in any order; the other one is closed then. */
  leadsBack(socket: Socket): boolean {
    const { localAddress, localPort, remoteAddress, remotePort } = socket;
    // To itself too: on one machine a connection to a port that nobody listens on can meet its own beginning.
    const isOwnPort = this.#ports.has(remotePort ?? 0) || remotePort === localPort;
    if (isOwnPort && remoteAddress === localAddress) return true;
    const way = wayOf(localAddress, localPort, remoteAddress, remotePort);
    const other = this.#turned.get(way);
    other?.destroy();
    if (other !== undefined) return true;
    this.#going.add(way);
    socket.once('close', () => this.#going.delete(way));
    return false;
  }
}

function wayOf(
  from: string | undefined,
  fromPort: number | undefined,
  to: string | undefined,
  toPort?: number,
): string {
  const [source, target] = [from, to].map((address) => canonicalIp(address ?? ''));
  return `${source} ${fromPort} ${target} ${toPort}`;
}
