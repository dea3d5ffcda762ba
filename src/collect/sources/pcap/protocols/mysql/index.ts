import type { EventOf } from '../../../../../events/event.ts';
import {
  defineAnalyzer,
  type AnalyzerContext,
  type ConnectionAnalyzer,
  type FirstBytes,
  type Recognition,
} from '../../analyzer.ts';
import { logRecord } from '../../log-record.ts';
import { Cursor } from '../../wire/cursor.ts';
import { asciiText, wireText } from '../../wire/text.ts';
import { PacketStream } from './packet-stream.ts';

export const analyzer = defineAnalyzer({
  id: 'mysql',
  title: 'MySQL',
  description:
    'Log-ins and statements of MySQL and MariaDB with their outcome, one record each. Behind its TLS request, TLS is read. Rows are not kept.',
  references: ['https://dev.mysql.com/doc/dev/mysql-server/latest/PAGE_PROTOCOL.html'],
  emits: ['log'],
  service: 'mysql',
  transports: ['tcp'],
  ports: [1434, 3306],
  recognize: recognizeMysql,
  start: () => ({ attach: (context) => new MysqlConnection(context) }),
});

/** Statement text that is kept. */
const maxStatementBytes = 4096;
const capabilityTls = 0x800;
const capabilityProtocol41 = 0x200;

/** Commands by number, in Zeek's words. */
const commands: Readonly<Record<number, string>> = {
  1: 'quit',
  2: 'init_db',
  3: 'query',
  4: 'field_list',
  5: 'create_db',
  6: 'drop_db',
  7: 'refresh',
  8: 'shutdown',
  9: 'statistics',
  10: 'process_info',
  12: 'process_kill',
  13: 'debug',
  14: 'ping',
  17: 'change_user',
  18: 'binlog_dump',
  22: 'prepare',
  23: 'execute',
  25: 'close',
  26: 'reset',
  28: 'fetch',
};

class MysqlConnection implements ConnectionAnalyzer {
  readonly #context: AnalyzerContext;
  readonly #client: PacketStream;
  readonly #server: PacketStream;
  #phase: 'greeting' | 'login' | 'commands' = 'greeting';
  #pending: { readonly event: EventOf<'log'>; readonly facts: Readonly<Record<string, unknown>> } | undefined;
  #user: string | undefined;
  #inner: ConnectionAnalyzer | undefined;

  constructor(context: AnalyzerContext) {
    this.#context = context;
    this.#client = new PacketStream((bytes, number) => this.#clientPacket(bytes, number));
    this.#server = new PacketStream((bytes, number) => this.#serverPacket(bytes, number));
  }

  data(isOrig: boolean, bytes: Uint8Array): void {
    if (this.#inner === undefined) (isOrig ? this.#client : this.#server).data(bytes);
    else this.#inner.data(isOrig, bytes);
  }

  gap(isOrig: boolean, length: number): void {
    if (this.#inner !== undefined) this.#inner.gap?.(isOrig, length);
    else this.#context.lost();
  }

  close(): void {
    if (this.#pending !== undefined) this.#context.emit(this.#pending.event);
    this.#pending = undefined;
    this.#inner?.close?.();
  }

  #clientPacket(bytes: Uint8Array, number: number): void {
    if (this.#phase === 'login') this.#login(bytes);
    else if (this.#phase === 'commands' && number === 0) this.#command(bytes);
  }

  /** HandshakeResponse: capabilities, sizes, character set, filler, user; one without a user asks for TLS. */
  #login(bytes: Uint8Array): void {
    const capabilities = (bytes[0] ?? 0) | ((bytes[1] ?? 0) << 8);
    if ((capabilities & capabilityTls) !== 0 && bytes.length <= 32) {
      this.#inner = this.#context.inner('tls');
      return;
    }
    const userAt = (capabilities & capabilityProtocol41) === 0 ? 5 : 32;
    const end = bytes.indexOf(0, userAt);
    if (end < 0) return;
    this.#context.confirm();
    this.#user = wireText(bytes.subarray(userAt, end));
    this.#phase = 'commands';
    this.#begin({ cmd: 'login', arg: this.#user });
  }

  #command(bytes: Uint8Array): void {
    const number = bytes[0] ?? 0;
    this.close();
    const arg = wireText(bytes.subarray(1, 1 + maxStatementBytes));
    const hasText = [2, 3, 5, 6, 22].includes(number);
    this.#begin({ cmd: commands[number] ?? `unknown-${number}`, arg: hasText ? arg : '' });
  }

  #begin(facts: Readonly<Record<string, unknown>>): void {
    const event = logRecord(this.#context, 'mysql', facts);
    event.user_name = this.#user ?? null;
    this.#pending = { event, facts };
  }

  #serverPacket(bytes: Uint8Array, number: number): void {
    if (this.#phase === 'greeting') this.#greeting(bytes, number);
    else if (this.#pending !== undefined) this.#outcome(this.#pending, bytes);
  }

  #greeting(bytes: Uint8Array, number: number): void {
    if (bytes[0] !== 10 || number !== 0) {
      // An error instead of a greeting: this host may not connect.
      if (bytes[0] !== errorMark) this.#context.violation('no MySQL greeting');
      return;
    }
    this.#phase = 'login';
  }

  /** OK, an error with its text, or the columns of a result. Requests for more of a log-in are no outcome. */
  #outcome({ event, facts }: { readonly event: EventOf<'log'>; readonly facts: object }, bytes: Uint8Array): void {
    const mark = bytes[0] ?? 0;
    if (mark === moreLoginMark && this.#isLogin(facts)) return;
    if (mark === switchMark && this.#isLogin(facts)) return;
    this.#pending = undefined;
    const cursor = new Cursor(bytes, 1);
    const outcome =
      mark === errorMark
        ? {
            success: false,
            response: wireText(bytes.subarray(3))
              .replace(/^#.{5}/, '')
              .slice(0, maxStatementBytes),
          }
        : // Rows that are sent are none that were changed.
          { success: true, rows: mark === 0 ? lengthEncoded(cursor) : 0 };
    event.fields = JSON.stringify({ ...facts, ...outcome });
    this.#context.emit(event);
  }

  #isLogin(facts: object): boolean {
    return 'cmd' in facts && facts.cmd === 'login';
  }
}

/** A number of one to nine bytes, told by the first. Undefined for one that is cut or beyond 2^53. */
function lengthEncoded(cursor: Cursor): number | undefined {
  const first = cursor.u8();
  let value = first;
  if (first === 0xfc) value = cursor.u16le();
  else if (first === 0xfd) value = cursor.u16le() + cursor.u8() * 65_536;
  else if (first === 0xfe) value = cursor.u32le() + cursor.u32le() * 2 ** 32;
  return cursor.isCut || !Number.isSafeInteger(value) ? undefined : value;
}

const errorMark = 0xff;
const switchMark = 0xfe;
const moreLoginMark = 0x01;

/** The server greets first: protocol version 10, a printable version text, and its end. */
function recognizeMysql({ resp, orig }: FirstBytes): Recognition {
  if (resp.length < 8) return orig.length > 0 && resp.length === 0 ? 'no' : 'more';
  const length = (resp[0] ?? 0) | ((resp[1] ?? 0) << 8) | ((resp[2] ?? 0) << 16);
  if (resp[3] !== 0 || resp[4] !== 10 || length < 20 || length > 512) return 'no';
  const end = resp.indexOf(0, 5);
  return end > 5 && /^[\x21-\x7e]+$/.test(asciiText(resp, 5, end)) ? 'match' : 'no';
}
