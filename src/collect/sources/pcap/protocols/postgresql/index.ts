import {
  defineAnalyzer,
  type AnalyzerContext,
  type ConnectionAnalyzer,
  type FirstBytes,
  type Recognition,
} from '../../analyzer.ts';
import { ConnectionLog } from '../../log-record.ts';
import { Cursor } from '../../wire/cursor.ts';
import { MessageCutter, type MessageLength } from '../../wire/message-cutter.ts';
import { asciiText, wireText } from '../../wire/text.ts';

export const analyzer = defineAnalyzer({
  id: 'postgresql',
  title: 'PostgreSQL',
  description:
    'Version 3 of the protocol of PostgreSQL: user, database and program of each session, whether the log-in held, texts of statements, errors. ' +
    'Behind a request for TLS, TLS is read. Rows, parameters and passwords are not kept.',
  references: ['https://www.postgresql.org/docs/current/protocol.html'],
  emits: ['log'],
  service: 'postgresql',
  transports: ['tcp'],
  ports: [5432],
  recognize: ({ orig }: FirstBytes): Recognition => {
    if (orig.length < 8) return orig.length === 0 || orig[0] === 0 ? 'more' : 'no';
    return startupBytes(orig) === 'bad' ? 'no' : 'match';
  },
  start: () => ({ attach: (context) => new PostgresqlConnection(context) }),
});

const version3 = 0x0003_0000;
const cancelRequest = 80_877_102;
const tlsRequest = 80_877_103;
const gssRequest = 80_877_104;

const maxRecords = 500;
const maxStartupBytes = 10_000;
/** Beyond this only the begin of a message is read. */
const maxMessageBytes = 8192;
const maxStatementBytes = 2048;

/** The first message has no type: a length, and a version or a request (55.2.1). */
const startupBytes: MessageLength = (bytes) => {
  const cursor = new Cursor(bytes);
  const length = cursor.u32();
  const code = cursor.u32();
  if (cursor.isCut) return 'more';
  const isKnown = [version3, cancelRequest, tlsRequest, gssRequest].includes(code);
  return isKnown && length >= 8 && length <= maxStartupBytes ? length : 'bad';
};

const messageBytes: MessageLength = (bytes) => {
  const cursor = new Cursor(bytes);
  const type = cursor.u8();
  const length = cursor.u32();
  if (cursor.isCut) return 'more';
  const isLetter = type >= 0x30 && type <= 0x7a;
  return isLetter && length >= 4 && length < 0x4000_0000 ? length + 1 : 'bad';
};

class PostgresqlConnection implements ConnectionAnalyzer {
  readonly #context: AnalyzerContext;
  readonly #log: ConnectionLog;
  readonly #client: MessageCutter;
  readonly #server: MessageCutter;
  #session: Readonly<Record<string, string | undefined>> = {};
  #hasBegun = false;
  /** The client has asked for TLS, and the server has not answered yet. */
  #waitsForTls = false;
  #isPassed = false;
  #inner: ConnectionAnalyzer | undefined;

  constructor(context: AnalyzerContext) {
    this.#context = context;
    this.#log = new ConnectionLog(context, maxRecords);
    const clientBytes: MessageLength = (bytes) => (this.#hasBegun ? messageBytes : startupBytes)(bytes);
    this.#client = new MessageCutter(maxMessageBytes, clientBytes, (message) => this.#fromClient(message));
    this.#server = new MessageCutter(maxMessageBytes, messageBytes, (message) => this.#fromServer(message));
  }

  data(isOrig: boolean, bytes: Uint8Array): void {
    if (this.#inner !== undefined) this.#inner.data(isOrig, bytes);
    else if (this.#isPassed) return;
    else if (!isOrig && this.#waitsForTls) this.#answerToRequest(bytes);
    else if (!(isOrig ? this.#client : this.#server).data(bytes)) this.#context.violation('no PostgreSQL message');
  }

  gap(isOrig: boolean, length: number): void {
    if (this.#inner === undefined) this.#context.violation('bytes of the stream are missing');
    else this.#inner.gap?.(isOrig, length);
  }

  close(): void {
    this.#inner?.close?.();
  }

  /** One letter: whether the server goes on in TLS (or GSSAPI, which is not read). */
  #answerToRequest(bytes: Uint8Array): void {
    this.#waitsForTls = false;
    this.#context.confirm();
    const isAccepted = bytes[0] === 0x53;
    if (isAccepted) this.#inner = this.#context.inner('tls');
    if ((isAccepted && this.#inner === undefined) || bytes[0] === 0x47) this.#isPassed = true;
    if (bytes.length > 1) this.data(false, bytes.subarray(1));
  }

  #fromClient(message: Uint8Array): void {
    if (!this.#hasBegun) {
      this.#startup(new Cursor(message, 4));
      return;
    }
    const type = String.fromCharCode(message[0] ?? 0);
    const body = message.subarray(5);
    if (type === 'Q') this.#tell('simple_query', textAt(body, 0));
    else if (type === 'P') this.#tell('parse', textAt(body, body.indexOf(0) + 1));
    else if (type === 'X') this.#tell('terminate', undefined);
  }

  #startup(cursor: Cursor): void {
    const code = cursor.u32();
    if (code === tlsRequest || code === gssRequest) {
      this.#waitsForTls = true;
      this.#tell(code === tlsRequest ? 'ssl_request' : 'gss_request', undefined);
      return;
    }
    this.#hasBegun = true;
    if (code === cancelRequest) {
      this.#tell('cancel_request', undefined);
      return;
    }
    const parameters = asciiText(cursor.rest()).split('\0');
    const of = (name: string): string | undefined =>
      parameters.find((_value, at) => at % 2 === 1 && parameters[at - 1] === name);
    this.#session = { user: of('user'), database: of('database'), application_name: of('application_name') };
    this.#tell('startup', undefined);
  }

  #fromServer(message: Uint8Array): void {
    this.#context.confirm();
    const type = String.fromCharCode(message[0] ?? 0);
    if (type === 'R' && message.length >= 9 && new Cursor(message, 5).u32() === 0) {
      this.#log.add('postgresql', { ...this.#session, backend: 'auth_ok', success: true });
    } else if (type === 'E') {
      const fields = wireText(message.subarray(5, 5 + maxStatementBytes)).split('\0');
      const of = (letter: string): string | undefined => fields.find((field) => field.startsWith(letter))?.slice(1);
      const error = { severity: of('S'), code: of('C'), error: of('M') };
      this.#log.add('postgresql', { ...this.#session, backend: 'error', success: false, ...error });
    }
  }

  #tell(frontend: string, argument: string | undefined): void {
    const fields = { ...this.#session, frontend, frontend_arg: argument };
    this.#log.add('postgresql', fields, (event) => {
      event.user_name = this.#session['user'] ?? null;
    });
  }
}

/** Text up to its zero byte, as far as it is kept. */
function textAt(bytes: Uint8Array, start: number): string {
  const kept = bytes.subarray(start, start + maxStatementBytes);
  const end = kept.indexOf(0);
  return wireText(end < 0 ? kept : kept.subarray(0, end));
}
