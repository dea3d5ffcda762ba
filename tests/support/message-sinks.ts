import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** Takes messages on a port of loopback that stays the same while it goes down and up again. */
export interface Sink {
  readonly port: number;
  /** Whole messages, as they were taken. */
  readonly taken: readonly string[];
  up(): Promise<void>;
  /** Refuses connections; those that stand are reset. */
  down(): Promise<void>;
}

/** What a connection's bytes are to a protocol: called for each part that comes. */
type Session = (socket: Socket, take: (message: string) => void) => (part: Buffer) => void;

async function startSink(session: Session): Promise<Sink> {
  const taken: string[] = [];
  const sockets = new Set<Socket>();
  let server: Server | undefined;
  let port = 0;
  const up = async (): Promise<void> => {
    server = createServer((socket) => {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket)).on('error', () => undefined);
      socket.on(
        'data',
        session(socket, (message) => taken.push(message)),
      );
    });
    await new Promise<void>((done) => server?.listen(port, '127.0.0.1', done));
    port = (server.address() as AddressInfo).port;
  };
  await up();
  return {
    port,
    taken,
    up,
    async down() {
      for (const socket of sockets) socket.resetAndDestroy();
      await new Promise((done) => server?.close(done));
    },
  };
}

/** Syslog over TCP with octet counts: RFC 6587, 3.4.1. */
export async function syslogSink(): Promise<Sink> {
  return startSink((_socket, take) => {
    let bytes = Buffer.alloc(0);
    return (part) => {
      bytes = Buffer.concat([bytes, part]);
      for (;;) {
        const space = bytes.indexOf(' ');
        const length = space < 0 ? 0 : Number(bytes.toString('latin1', 0, space));
        if (space < 0 || bytes.length < space + 1 + length) return;
        take(bytes.toString('utf8', space + 1, space + 1 + length));
        bytes = bytes.subarray(space + 1 + length);
      }
    };
  });
}

/** As much of a mail server as RFC 5321 asks for. */
export async function mailSink(): Promise<Sink> {
  return startSink((socket, take) => {
    let [isData, text] = [false, ''];
    socket.write('220 mail.example ESMTP\r\n');
    const answer = (line: string): string => {
      if (line.startsWith('DATA')) return '354 go on\r\n';
      return line.startsWith('QUIT') ? '221 bye\r\n' : '250 ok\r\n';
    };
    return (part) => {
      text += part.toString('utf8');
      for (;;) {
        const mark = isData ? '\r\n.\r\n' : '\r\n';
        const end = text.indexOf(mark);
        if (end < 0) return;
        const unit = text.slice(0, end);
        text = text.slice(end + mark.length);
        if (isData) take(unit);
        socket.write(isData ? '250 kept\r\n' : answer(unit));
        isData = !isData && unit.startsWith('DATA');
      }
    };
  });
}
