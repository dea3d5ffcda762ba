import { defineAnalyzer, type AnalyzerContext, type FirstBytes, type Recognition } from '../../analyzer.ts';
import { ConnectionLog } from '../../log-record.ts';
import { MessageConnection, type MessageForm, type MessageReader } from '../../wire/message-connection.ts';
import { asBuffer } from '../../wire/text.ts';
import { functionName, readS7, tpktLength } from './message.ts';

export const analyzer = defineAnalyzer({
  id: 's7comm',
  title: 'S7 communication',
  description:
    'Jobs of Siemens S7 controllers and refused answers: reads and writes of variables, uploads and downloads of programs, starts and stops. Of S7comm-plus only the service is told.',
  references: ['RFC 1006', 'https://gmiru.com/article/s7comm/'],
  emits: ['log'],
  service: 's7comm',
  transports: ['tcp'],
  ports: [102],
  recognize: ({ orig }: FirstBytes): Recognition => {
    if (orig.length < connectBytes) return orig.length === 0 || orig[0] === 3 ? 'more' : 'no';
    // A connect request for a controller: rack and slot are called by two bytes.
    const isConnect = tpktLength(orig) === orig.length && orig[5] === connectRequest && orig[6] === 0 && orig[7] === 0;
    return isConnect && asBuffer(orig).includes(calledPlace) ? 'match' : 'no';
  },
  start: () => ({ attach: (context) => new MessageConnection(context, form, new S7Messages(context)) }),
});

const connectBytes = 11;
const connectRequest = 0xe0;
const calledPlace = Buffer.from([0xc2, 0x02]);
const form: MessageForm = { name: 'TPKT message', maxBytes: 1024, lengthOf: tpktLength };
const maxRecords = 10_000;

class S7Messages implements MessageReader {
  readonly #context: AnalyzerContext;
  readonly #log: ConnectionLog;

  constructor(context: AnalyzerContext) {
    this.#context = context;
    this.#log = new ConnectionLog(context, maxRecords);
  }

  message(isOrig: boolean, bytes: Buffer): void {
    const message = readS7(bytes);
    if (message === undefined) return;
    this.#context.confirm();
    if (message === 'plus') return;
    const { type, functionCode, error } = message;
    const isJob = type === 'job' || type === 'userdata';
    if (!isJob && error === 0) return;
    this.#log.add('s7comm', {
      from_client: isOrig,
      rosctr: type,
      func: functionName(message.type, functionCode),
      error: error === 0 ? undefined : error,
    });
  }
}
