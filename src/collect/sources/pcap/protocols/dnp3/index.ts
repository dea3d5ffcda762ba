import { defineAnalyzer, type AnalyzerContext, type FirstBytes, type Recognition } from '../../analyzer.ts';
import { ConnectionLog } from '../../log-record.ts';
import { MessageConnection, type MessageForm, type MessageReader } from '../../wire/message-connection.ts';
import { frameLength, functionName, isControl, readFrame } from './frame.ts';

export const analyzer = defineAnalyzer({
  id: 'dnp3',
  title: 'DNP3',
  description:
    'Function of each request to a controller with that of its answer and its internal indications, as in Zeek: who reads, writes and switches what station. Values are not kept.',
  references: ['IEEE 1815'],
  emits: ['log'],
  service: 'dnp3_tcp',
  transports: ['tcp', 'udp'],
  ports: [20_000],
  recognize: ({ orig, resp }: FirstBytes): Recognition => {
    const bytes = orig.length > 0 ? orig : resp;
    const length = frameLength(bytes);
    if (length === 'more') return 'more';
    return length !== 'bad' && readFrame(bytes) !== undefined ? 'match' : 'no';
  },
  start: () => ({ attach: (context) => new MessageConnection(context, form, new Dnp3Messages(context)) }),
});

const form: MessageForm = { name: 'DNP3 frame', maxBytes: 292, lengthOf: frameLength };
const maxRecords = 10_000;

interface Request {
  readonly time: number;
  readonly packet: number;
  readonly fc_request: string;
}

class Dnp3Messages implements MessageReader {
  readonly #context: AnalyzerContext;
  readonly #log: ConnectionLog;
  #request: Request | undefined;

  constructor(context: AnalyzerContext) {
    this.#context = context;
    this.#log = new ConnectionLog(context, maxRecords);
  }

  close(): void {
    this.#tell({});
  }

  /** Who may ask for what is told by the function, not by who opened the connection. */
  message(_isOrig: boolean, bytes: Buffer): void {
    const frame = readFrame(bytes);
    if (frame === undefined) {
      this.#context.violation('no DNP3 frame');
      return;
    }
    this.#context.confirm(this.#context.connection.transport === 'udp' ? 'dnp3_udp' : 'dnp3_tcp');
    if (frame.function === undefined || isControl(frame.function)) return;
    const name = functionName(frame.function);
    if (frame.indications !== undefined) {
      this.#tell({ fc_reply: name, iin: frame.indications });
      return;
    }
    this.#tell({});
    const { time, packet } = this.#context.clock;
    this.#request = { time, packet, fc_request: name };
  }

  /** A request with its answer; an answer that nobody asked for stands alone. */
  #tell(answer: { readonly fc_reply?: string; readonly iin?: number }): void {
    const request = this.#request;
    this.#request = undefined;
    if (request === undefined && answer.fc_reply === undefined) return;
    this.#log.add('dnp3', { fc_request: request?.fc_request, ...answer }, (event) => {
      if (request === undefined) return;
      event.time = request.time;
      event.evidence_at = request.packet;
    });
  }
}
