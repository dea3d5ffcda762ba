import type { Socket } from 'node:net';

/**
 * Ends of this proxy's own connections. A server that is the proxy itself would be asked for another connection by each connection, until
 * none is left: where the proxy is called by its own address, and where a firewall turns the proxy's own connections to it.
 */
export class OwnWays {
  readonly #ports = new Set<number>();
  readonly #came = new Map<string, Socket>();
  readonly #going = new Set<string>();

  listensOn(port: number): void {
    this.#ports.add(port);
  }

  /** A client that has come; call the result when it is over. */
  came(socket: Socket): () => void {
    const end = `${socket.remoteAddress} ${socket.remotePort}`;
    if (this.#going.has(end)) socket.destroy();
    this.#came.set(end, socket);
    return () => void (this.#came.get(end) === socket && this.#came.delete(end));
  }

  /**
   * Does a connection that this proxy has just opened lead back to it? Its two ends may be told in any order; what comes of it on the other
   * side is closed either way.
   */
  leadsBack(socket: Socket): boolean {
    const { localAddress, localPort, remoteAddress, remotePort } = socket;
    // To itself too: on one machine a connection to a port that nobody listens on can meet its own beginning.
    const isOwnPort = this.#ports.has(remotePort ?? 0) || remotePort === localPort;
    if (isOwnPort && remoteAddress === localAddress) return true;
    const end = `${localAddress} ${localPort}`;
    const other = this.#came.get(end);
    if (other !== undefined) {
      other.destroy();
      return true;
    }
    this.#going.add(end);
    socket.once('close', () => this.#going.delete(end));
    return false;
  }
}
