import { createServer, type Server, type Socket } from 'node:net';

export interface PcapOverIpOptions {
  readonly host: string;
  readonly port: number;
  /** What each reader gets first. */
  readonly header: Uint8Array;
  readonly onTrouble: (text: string) => void;
}

const maxReaders = 16;
/** Bytes that may wait for one reader. */
const maxWaitingBytes = 16 * 1024 * 1024;

/**
 * Hands a capture to whoever connects, from that moment on (`tshark -i TCP@127.0.0.1:57012`). A reader that does not keep up is dropped and
 * counted: it sees the end of its stream, never a hole in it, and nobody waits for it.
 */
export class PcapOverIp {
  droppedReaders = 0;
  readonly #options: PcapOverIpOptions;
  readonly #readers = new Set<Socket>();
  readonly #server: Server;

  constructor(options: PcapOverIpOptions) {
    this.#options = options;
    this.#server = createServer((socket) => this.#accept(socket));
  }

  /** The port that it listens on. */
  async listen(): Promise<number> {
    const { host, port } = this.#options;
    await new Promise<void>((done, fail) => {
      this.#server.once('error', fail);
      this.#server.listen(port, host, done);
    });
    const address = this.#server.address();
    return typeof address === 'object' && address !== null ? address.port : port;
  }

  /** Whole records. */
  send(chunk: Uint8Array): void {
    for (const reader of this.#readers) {
      if (reader.writableLength + chunk.length > maxWaitingBytes) this.#drop(reader);
      else reader.write(chunk);
    }
  }

  async close(): Promise<void> {
    for (const reader of this.#readers) reader.end();
    const closed = new Promise<void>((done) => this.#server.close(() => done()));
    const timer = setTimeout(() => {
      for (const reader of this.#readers) reader.destroy();
    }, 1000);
    await closed;
    clearTimeout(timer);
  }

  #accept(socket: Socket): void {
    if (this.#readers.size >= maxReaders) {
      socket.destroy();
      return;
    }
    this.#readers.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.#readers.delete(socket));
    socket.resume();
    socket.write(this.#options.header);
  }

  #drop(reader: Socket): void {
    this.#readers.delete(reader);
    reader.destroy();
    this.droppedReaders++;
    this.#options.onTrouble('a reader of the capture was too slow and was dropped');
  }
}
