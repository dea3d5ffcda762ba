import { Duplex } from 'node:stream';
import { connect, createSecureContext, TLSSocket, type ConnectionOptions, type SecureContextOptions } from 'node:tls';
import type { Step } from './pcap-connection.ts';

export interface TlsExchange {
  readonly server: SecureContextOptions;
  readonly client: ConnectionOptions;
  /** What the client sends, piece by piece, each after the answer to the one before. */
  readonly requests?: readonly string[];
  readonly answer?: string;
  /** The client asks for another handshake before the first request. */
  readonly isRenegotiated?: boolean;
}

/** What passes in a real TLS connection, and the secrets as a client logs them; nothing leaves the process. */
export async function tlsExchange(options: TlsExchange): Promise<{ steps: Step[]; keyLog: string }> {
  const { requests = ['ping'], answer = 'pong' } = options;
  const steps: Step[] = [];
  const [client, server] = pipe(steps);
  const secureContext = createSecureContext(options.server);
  const serverSocket = new TLSSocket(server, { isServer: true, secureContext, ALPNProtocols: ['h2', 'http/1.1'] });
  let due = 0;
  let asked = 0;
  serverSocket.on('data', (bytes: Buffer) => {
    due += bytes.length;
    if (due < (requests[asked]?.length ?? 0)) return;
    due = 0;
    if (++asked < requests.length) serverSocket.write(answer);
    else serverSocket.end(answer);
  });
  serverSocket.on('error', () => client.destroy());
  let keyLog = '';
  await new Promise<void>((resolve) => {
    let sent = 0;
    const send = (): void => void socket.write(requests[sent++] ?? '');
    const socket = connect({ socket: client, rejectUnauthorized: false, ...options.client }, () => {
      if (options.isRenegotiated === true) socket.renegotiate({ rejectUnauthorized: false }, send);
      else send();
    });
    socket.on('keylog', (line: Buffer) => (keyLog += line.toString('latin1')));
    socket.on('error', () => {});
    socket.on('close', () => resolve());
    socket.on('data', () => {
      if (sent < requests.length) send();
    });
    socket.on('end', () => socket.destroy());
  });
  return { steps, keyLog };
}

/** Two ends of a pipe that write down what passes. */
function pipe(steps: Step[]): readonly [Duplex, Duplex] {
  const end = (from: 'client' | 'server', other: () => Duplex): Duplex =>
    new Duplex({
      read() {},
      write(chunk: Buffer, _encoding, done) {
        steps.push({ from, bytes: Buffer.from(chunk) });
        other().push(chunk);
        done();
      },
      final(done) {
        other().push(null);
        done();
      },
    });
  const ends: { client?: Duplex; server?: Duplex } = {};
  const other = (side: 'client' | 'server') => (): Duplex => ends[side] ?? new Duplex();
  ends.client = end('client', other('server'));
  ends.server = end('server', other('client'));
  return [ends.client, ends.server];
}
