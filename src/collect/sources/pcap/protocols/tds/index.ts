import {
  defineAnalyzer,
  type AnalyzerContext,
  type ConnectionAnalyzer,
  type FirstBytes,
  type Recognition,
} from '../../analyzer.ts';
import { ConnectionLog } from '../../log-record.ts';
import { MessageCutter } from '../../wire/message-cutter.ts';
import { asBuffer } from '../../wire/text.ts';
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
  start: () => ({ attach: (context) => new TdsConnection(context) }),
});

function isOpening(type: number | undefined): boolean {
  return type === packetType.prelogin || type === packetType.login;
}

const maxPacketBytes = 32_768;
const maxRecords = 5000;

interface Pending {
  readonly time: number;
  readonly packet: number;
  readonly facts: Readonly<Record<string, unknown>>;
}

class TdsConnection implements ConnectionAnalyzer {
  readonly #context: AnalyzerContext;
  readonly #log: ConnectionLog;
  readonly #client: MessageCutter;
  readonly #server: MessageCutter;
  #user: string | undefined;
  #pending: Pending | undefined;

  constructor(context: AnalyzerContext) {
    this.#context = context;
    this.#log = new ConnectionLog(context, maxRecords);
    this.#client = new MessageCutter(maxPacketBytes, packetLength, (packet) => this.#request(asBuffer(packet)));
    this.#server = new MessageCutter(maxPacketBytes, packetLength, (packet) => this.#answer(asBuffer(packet)));
  }

  data(isOrig: boolean, bytes: Uint8Array): void {
    if ((isOrig ? this.#client : this.#server).data(bytes)) return;
    this.close();
    this.#context.violation('no TDS packet');
  }

  gap(): void {
    this.close();
    this.#context.violation('bytes of the stream are missing');
  }

  close(): void {
    this.#tell({});
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
