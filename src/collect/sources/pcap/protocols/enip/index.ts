import { defineAnalyzer, type AnalyzerContext, type FirstBytes, type Recognition } from '../../analyzer.ts';
import { ConnectionLog } from '../../log-record.ts';
import { MessageConnection, type MessageForm, type MessageReader } from '../../wire/message-connection.ts';
import { asBuffer } from '../../wire/text.ts';
import { cipOf, commandName, headerBytes, isCommand, messageLength, statusName } from './message.ts';

export const analyzer = defineAnalyzer({
  id: 'enip',
  title: 'EtherNet/IP',
  description:
    'Commands to controllers and what they ask of which object (CIP): sessions, reads and writes of tags, resets, connections. Values are not kept.',
  references: ['https://www.odva.org/technology-standards/key-technologies/ethernet-ip/', 'IEC 61158-6-2'],
  emits: ['log'],
  service: 'enip',
  transports: ['tcp', 'udp'],
  ports: [44_818],
  recognize: ({ orig }: FirstBytes): Recognition => {
    if (orig.length < headerBytes) return orig.length === 0 || isCommand(orig) ? 'more' : 'no';
    const length = messageLength(orig);
    return length === orig.length && asBuffer(orig).readUInt32LE(8) === 0 ? 'match' : 'no';
  },
  start: () => ({ attach: (context) => new MessageConnection(context, form, new EnipMessages(context)) }),
});

const form: MessageForm = { name: 'EtherNet/IP message', maxBytes: 2048, lengthOf: messageLength };
const maxRecords = 10_000;

class EnipMessages implements MessageReader {
  readonly #context: AnalyzerContext;
  readonly #log: ConnectionLog;

  constructor(context: AnalyzerContext) {
    this.#context = context;
    this.#log = new ConnectionLog(context, maxRecords);
  }

  /** Each request is a record, and each answer that is a refusal: controllers are asked all day. */
  message(isOrig: boolean, message: Buffer): void {
    this.#context.confirm();
    const command = commandName(message.readUInt16LE(0));
    const status = message.readUInt32LE(8);
    const cip = cipOf(message);
    const isRefusal = status !== 0 || (cip?.isResponse === true && cip.status !== 0);
    if (!isOrig && !isRefusal) return;
    this.#log.add('enip', {
      from_client: isOrig,
      command,
      status: status === 0 ? undefined : statusName(status),
      cip_service: cip?.service,
      cip_class: cip?.className,
      cip_status: cip?.isResponse === true ? cip.status : undefined,
    });
  }
}
