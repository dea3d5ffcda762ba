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
    "Version 3 of the protocol of PostgreSQL, in the words of Zeek's postgresql.log: user, database and program of each session, whether the log-in held, " +
    'each statement with its outcome and how many rows came back. Behind a request for TLS, TLS is read. Rows, parameters and passwords are not kept.',
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
  /** What was asked last, while its outcome is not known. */
  #exchange: Exchange | undefined;
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
    if (this.#inner === undefined) this.#context.lost();
    else this.#inner.gap?.(isOrig, length);
  }

  close(): void {
    this.#tell();
    this.#inner?.close?.();
  }

  /** One letter: whether the server goes on in TLS (or GSSAPI, which is not read). */
  #answerToRequest(bytes: Uint8Array): void {
    this.#waitsForTls = false;
    this.#context.confirm();
    const isAccepted = bytes[0] === 0x53;
    const letter = asciiText(bytes, 0, 1);
    this.#tell({ backend: 'ssl_reply', backend_arg: letter, success: isAccepted });
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
    if (type === 'Q') this.#begin('simple_query', textAt(body, 0));
    else if (type === 'P') this.#begin('parse', textAt(body, body.indexOf(0) + 1));
    else if (type === 'X') {
      this.#begin('terminate');
      this.#tell();
    }
  }

  #startup(cursor: Cursor): void {
    const code = cursor.u32();
    if (code === tlsRequest || code === gssRequest) {
      this.#waitsForTls = true;
      this.#begin(code === tlsRequest ? 'ssl_request' : 'gss_request');
      return;
    }
    this.#hasBegun = true;
    if (code === cancelRequest) {
      this.#begin('cancel_request');
      this.#tell();
      return;
    }
    const parameters = asciiText(cursor.rest()).split('\0');
    const of = (name: string): string | undefined =>
      parameters.find((_value, at) => at % 2 === 1 && parameters[at - 1] === name);
    this.#session = { user: of('user'), database: of('database'), application_name: of('application_name') };
    this.#begin('startup');
  }

  #fromServer(message: Uint8Array): void {
    this.#context.confirm();
    const type = String.fromCharCode(message[0] ?? 0);
    const exchange = this.#exchange;
    if (type === 'E') this.#tell({ backend: 'error', backend_arg: errorText(message), success: false });
    else if (exchange === undefined) return;
    else if (type === 'D') exchange.rows++;
    else if (type === 'R') this.#authentication(exchange, new Cursor(message, 5).u32());
    else if (type === 'Z') this.#tell({ success: exchange.success ?? message[5] !== inFailedTransaction });
  }

  #authentication(exchange: Exchange, request: number): void {
    exchange.backend = request === 0 ? 'auth_ok' : 'auth_request';
    const name = authentications.get(request);
    if (name !== undefined) exchange.backend_arg = [exchange.backend_arg ?? [], name].flat().join(',');
    if (request === 0) exchange.success = true;
  }

  #begin(frontend: string, argument?: string): void {
    this.#tell();
    const time = this.#context.clock.time;
    const isQuery = frontend === 'simple_query' || frontend === 'parse';
    this.#exchange = { frontend, frontend_arg: argument, time, isQuery, rows: 0 };
  }

  /** One record for what was asked and what came of it; also for what the server says unasked. */
  #tell(outcome?: Outcome): void {
    const exchange = this.#exchange;
    this.#exchange = undefined;
    if (exchange === undefined && outcome === undefined) return;
    const { time, isQuery, rows, ...facts } = exchange ?? { time: this.#context.clock.time };
    const counted = isQuery === true && outcome !== undefined && outcome.backend !== 'error' ? { rows } : {};
    this.#log.add('postgresql', { ...this.#session, ...facts, ...outcome, ...counted }, (event) => {
      event.time = time;
      event.user_name = this.#session['user'] ?? null;
    });
  }
}

/** What a server says of an exchange, by Zeek's names. */
interface Outcome {
  backend?: string;
  backend_arg?: string;
  success?: boolean;
}

interface Exchange extends Outcome {
  readonly frontend: string;
  readonly frontend_arg: string | undefined;
  /** When it was asked. */
  readonly time: number;
  readonly isQuery: boolean;
  rows: number;
}

/** Status of a transaction in ReadyForQuery: one that has failed (55.7). */
const inFailedTransaction = 'E'.charCodeAt(0);

/** Ways to log in that a server asks for (55.7), as Zeek names them. */
const authentications: ReadonlyMap<number, string> = new Map([
  [2, 'KerberosV5'],
  [3, 'CleartextPassword'],
  [5, 'MD5Password'],
  [7, 'GSSAPI'],
  [8, 'GSSAPIContinue'],
  [9, 'SSPI'],
  [10, 'SASL'],
  [11, 'SASLContinue'],
  [12, 'SASLFinal'],
]);

/** Fields of an error (55.8), as Zeek names them. */
const errorFields: ReadonlyMap<string, string> = new Map([
  ['S', 'SeverityLocalized'],
  ['V', 'Severity'],
  ['C', 'Code'],
  ['M', 'Message'],
  ['D', 'Detail'],
  ['H', 'Hint'],
  ['P', 'Position'],
  ['p', 'InternalPosition'],
  ['q', 'InternalQuery'],
  ['W', 'Where'],
  ['s', 'Schema'],
  ['t', 'Table'],
  ['c', 'Column'],
  ['d', 'Data'],
  ['n', 'Constraint'],
  ['F', 'File'],
  ['L', 'Line'],
  ['R', 'Routine'],
]);

function errorText(message: Uint8Array): string {
  const fields = wireText(message.subarray(5, 5 + maxStatementBytes)).split('\0');
  return fields
    .filter((field) => field !== '')
    .map((field) => `${errorFields.get(field.charAt(0)) ?? field.charAt(0)}=${field.slice(1)}`)
    .join(',');
}

/** Text up to its zero byte, as far as it is kept. */
function textAt(bytes: Uint8Array, start: number): string {
  const kept = bytes.subarray(start, start + maxStatementBytes);
  const end = kept.indexOf(0);
  return wireText(end < 0 ? kept : kept.subarray(0, end));
}
