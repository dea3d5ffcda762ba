import { defineAnalyzer, type AnalyzerContext, type FirstBytes, type Recognition } from '../../analyzer.ts';
import { ConnectionLog } from '../../log-record.ts';
import { MessageConnection, type MessageForm, type MessageReader } from '../../wire/message-connection.ts';
import { headerBytes, packetLength, packetType, readError, readLogin, readStatement, tokenOf } from './packet.ts';

export const analyzer = defineAnalyzer({
  id: 'tds',
  title: 'TDS (SQL Server)',
  description:
    'Log-ins and statements of Microsoft SQL Server and Sybase with their outcome, one record each. Behind its TLS request nothing more is read. Passwords and rows are not kept.',
  references: ['https://learn.microsoft.com/openspecs/windows_protocols/ms-tds'],
  emits: ['log'],
  service: 'tds',
  transports: ['tcp'],
  ports: [1433],
  recognize: ({ orig }: FirstBytes): Recognition => {
    if (orig.length < headerBytes) return orig.length === 0 || isOpening(orig[0]) ? 'more' : 'no';
    const length = packetLength(orig);
    const isFirst = orig[1] === 1 && orig[6] === 1 && orig[7] === 0;
    return isOpening(orig[0]) && isFirst && length !== 'bad' && length === orig.length ? 'match' : 'no';
  },
  start: () => ({ attach: (context) => new MessageConnection(context, form, new TdsMessages(context)) }),
});

function isOpening(type: number | undefined): boolean {
  return type === packetType.prelogin || type === packetType.login;
}

const form: MessageForm = { name: 'TDS packet', maxBytes: 32_768, lengthOf: packetLength };
const maxRecords = 5000;

interface Pending {
  readonly time: number;
  readonly packet: number;
  readonly facts: Readonly<Record<string, unknown>>;
}

class TdsMessages implements MessageReader {
  readonly #context: AnalyzerContext;
  readonly #log: ConnectionLog;
  #user: string | undefined;
  #pending: Pending | undefined;

  constructor(context: AnalyzerContext) {
    this.#context = context;
    this.#log = new ConnectionLog(context, maxRecords);
  }

  close(): void {
    this.#tell({});
  }

  message(isOrig: boolean, packet: Buffer): void {
    if (isOrig) this.#request(packet);
    else this.#answer(packet);
  }

  #request(packet: Buffer): void {
    switch (packet[0] ?? 0) {
      case packetType.login: {
        const login = readLogin(packet);
        this.#user = login?.user;
        if (login !== undefined) this.#begin({ cmd: 'login', ...login });
        break;
      }
      case packetType.batch:
        this.#begin({ cmd: 'query', arg: readStatement(packet) });
        break;
      case packetType.procedure:
        this.#begin({ cmd: 'rpc' });
        break;
      default:
        break;
    }
  }

  #begin(facts: Readonly<Record<string, unknown>>): void {
    this.#tell({});
    const { time, packet } = this.#context.clock;
    this.#pending = { time, packet, facts };
  }

  #answer(packet: Buffer): void {
    if (packet[0] !== packetType.answer) return;
    this.#context.confirm();
    if (packet[headerBytes] === undefined) return;
    const error = packet[headerBytes] === tokenOf.error ? readError(packet.subarray(headerBytes)) : undefined;
    this.#tell(error === undefined ? { success: true } : { success: false, ...error });
  }

  #tell(outcome: Readonly<Record<string, unknown>>): void {
    if (this.#pending === undefined) return;
    const { time, packet, facts } = this.#pending;
    this.#pending = undefined;
    this.#log.add('tds', { ...facts, ...outcome }, (event) => {
      event.time = time;
      event.evidence_at = packet;
      event.user_name = this.#user ?? null;
    });
  }
}
