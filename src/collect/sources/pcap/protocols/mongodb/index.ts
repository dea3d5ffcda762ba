import { defineAnalyzer, type AnalyzerContext, type FirstBytes, type Recognition } from '../../analyzer.ts';
import { ConnectionLog } from '../../log-record.ts';
import { MessageConnection, type MessageForm, type MessageReader } from '../../wire/message-connection.ts';
import { asBuffer } from '../../wire/text.ts';
import { elementsOf } from './bson.ts';

export const analyzer = defineAnalyzer({
  id: 'mongodb',
  title: 'MongoDB',
  description:
    'Commands with their database and collection, and whether they were carried out. Documents are not kept; what is compressed is not read.',
  references: [
    'https://www.mongodb.com/docs/manual/reference/mongodb-wire-protocol/',
    'https://bsonspec.org/spec.html',
  ],
  emits: ['log'],
  service: 'mongodb',
  transports: ['tcp'],
  ports: [27_017],
  recognize: ({ orig }: FirstBytes): Recognition => {
    if (orig.length < headerBytes) return orig.length < 4 || orig[3] === 0 ? 'more' : 'no';
    const buffer = asBuffer(orig);
    const isRequest = buffer.readInt32LE(8) === 0 && requestOpcodes.has(buffer.readInt32LE(12));
    return messageLength(orig) !== 'bad' && isRequest ? 'match' : 'no';
  },
  start: () => ({ attach: (context) => new MessageConnection(context, form, new MongodbMessages(context)) }),
});

const headerBytes = 16;
const maxMessageLength = 48_000_000;
/** Of a message its head is looked at: commands stand before what they bring. */
const form: MessageForm = { name: 'MongoDB message', maxBytes: 8192, lengthOf: messageLength };
const opcodeMessage = 2013;
const opcodeQuery = 2004;
const requestOpcodes: ReadonlySet<number> = new Set([opcodeMessage, opcodeQuery, 2012]);
/** Behind flags of four bytes sections follow, each behind its kind; the first is the command. */
const bodyAt = headerBytes + 5;
const maxPending = 200;
const maxRecords = 5000;
/** Commands that drivers send all the time to see whether the server is there. */
const heartbeats: ReadonlySet<string> = new Set(['hello', 'ismaster', 'isMaster', 'ping', 'endSessions']);

/** The length stands first, least byte first. */
function messageLength(bytes: Uint8Array): number | 'more' | 'bad' {
  if (bytes.length < 4) return 'more';
  const length = asBuffer(bytes).readUInt32LE(0);
  return length < headerBytes || length > maxMessageLength ? 'bad' : length;
}

interface Command {
  readonly time: number;
  readonly packet: number;
  readonly facts: Readonly<Record<string, unknown>>;
}

class MongodbMessages implements MessageReader {
  readonly #context: AnalyzerContext;
  readonly #log: ConnectionLog;
  /** By the number of the request. */
  readonly #pending = new Map<number, Command>();

  constructor(context: AnalyzerContext) {
    this.#context = context;
    this.#log = new ConnectionLog(context, maxRecords);
  }

  close(): void {
    for (const command of this.#pending.values()) this.#tell(command, {});
    this.#pending.clear();
  }

  message(isOrig: boolean, message: Buffer): void {
    if (isOrig) this.#request(message);
    else this.#answer(message);
  }

  #request(message: Buffer): void {
    if (!isCommand(message) || this.#pending.size >= maxPending) return;
    const [first, ...others] = elementsOf(message.subarray(bodyAt));
    if (first === undefined || heartbeats.has(first.name)) return;
    const { time, packet } = this.#context.clock;
    const collection = typeof first.value === 'string' ? first.value : undefined;
    const database = others.find(({ name }) => name === '$db')?.value;
    this.#pending.set(message.readInt32LE(4), { time, packet, facts: { command: first.name, database, collection } });
  }

  #answer(message: Buffer): void {
    if (message.length < headerBytes) return;
    this.#context.confirm();
    const id = message.readInt32LE(8);
    const command = this.#pending.get(id);
    if (command === undefined || !isCommand(message)) return;
    this.#pending.delete(id);
    const answer = new Map([...elementsOf(message.subarray(bodyAt))].map(({ name, value }) => [name, value]));
    const success = answer.has('ok') ? answer.get('ok') === 1 : undefined;
    this.#tell(command, {
      success,
      error: success === false ? (answer.get('codeName') ?? answer.get('errmsg')) : undefined,
    });
  }

  #tell({ time, packet, facts }: Command, outcome: Readonly<Record<string, unknown>>): void {
    this.#log.add('mongodb', { ...facts, ...outcome }, (event) => {
      event.time = time;
      event.evidence_at = packet;
    });
  }
}

/** A message whose first section is one document. */
function isCommand(message: Buffer): boolean {
  return message.length > bodyAt && message.readInt32LE(12) === opcodeMessage && message[bodyAt - 1] === 0;
}
