import {
  defineAnalyzer,
  type AnalyzerContext,
  type ConnectionAnalyzer,
  type FirstBytes,
  type Recognition,
} from '../../analyzer.ts';
import { ConnectionLog } from '../../log-record.ts';
import { asciiText } from '../../wire/text.ts';
import { ReplyReader } from './reply-reader.ts';

export const analyzer = defineAnalyzer({
  id: 'redis',
  title: 'Redis',
  description:
    'Commands with their key and the beginning of their value, and whether they were carried out: one record each, under the names of Zeek. Passwords are not kept.',
  references: ['https://redis.io/docs/latest/develop/reference/protocol-spec/'],
  emits: ['log'],
  service: 'redis',
  transports: ['tcp'],
  ports: [6379],
  recognize: ({ orig, resp }: FirstBytes): Recognition => {
    if (orig.length < 5) return orig.length === 0 && resp.length > 0 ? 'no' : 'more';
    return /^\*[1-9]\d{0,4}\r\n\$\d/.test(asciiText(orig, 0, 12)) ? 'match' : 'no';
  },
  start: () => ({ attach: (context) => new RedisConnection(context) }),
});

const maxPending = 1000;
const maxRecords = 5000;
/** Commands whose arguments are secrets. */
const secretCommands: ReadonlySet<string> = new Set(['AUTH', 'HELLO']);
/** Commands whose first argument is no key. */
const commandsWithoutKey: ReadonlySet<string> = new Set([
  ...secretCommands,
  'CONFIG',
  'EVAL',
  'INFO',
  'PING',
  'SLAVEOF',
  'REPLICAOF',
  'MODULE',
]);

interface Command {
  readonly time: number;
  readonly packet: number;
  readonly facts: Readonly<Record<string, unknown>>;
}

class RedisConnection implements ConnectionAnalyzer {
  readonly #context: AnalyzerContext;
  readonly #log: ConnectionLog;
  readonly #requests: ReplyReader;
  readonly #replies: ReplyReader;
  readonly #pending: Command[] = [];

  constructor(context: AnalyzerContext) {
    this.#context = context;
    this.#log = new ConnectionLog(context, maxRecords);
    this.#requests = new ReplyReader((_kind, texts) => this.#command(texts));
    this.#replies = new ReplyReader((kind, texts) => this.#reply(kind, texts));
  }

  data(isOrig: boolean, bytes: Uint8Array): void {
    if ((isOrig ? this.#requests : this.#replies).data(bytes)) return;
    this.close();
    this.#context.violation('no Redis message');
  }

  gap(): void {
    this.#context.lost();
  }

  close(): void {
    for (const command of this.#pending.splice(0)) this.#tell(command, {});
  }

  #command([command = '', first, second]: readonly string[]): void {
    const name = command.toUpperCase();
    if (this.#pending.length >= maxPending) return;
    const { time, packet } = this.#context.clock;
    const hasKey = !commandsWithoutKey.has(name);
    const shown = hasKey ? second : [first, second].join(' ').trim();
    const value = secretCommands.has(name) ? undefined : shown;
    this.#pending.push({
      time,
      packet,
      facts: { 'cmd.name': name, 'cmd.key': hasKey ? first : undefined, 'cmd.value': value === '' ? undefined : value },
    });
  }

  #reply(kind: string, [text]: readonly string[]): void {
    const command = this.#pending.shift();
    if (command === undefined) return;
    this.#context.confirm();
    const isShown = kind === '+' || kind === '-' || kind === ':';
    this.#tell(command, { success: kind !== '-' && kind !== '!', 'reply.value': isShown ? text : undefined });
  }

  #tell({ time, packet, facts }: Command, outcome: Readonly<Record<string, unknown>>): void {
    this.#log.add('redis', { ...facts, ...outcome }, (event) => {
      event.time = time;
      event.evidence_at = packet;
    });
  }
}
