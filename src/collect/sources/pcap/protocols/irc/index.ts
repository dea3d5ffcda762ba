import {
  defineAnalyzer,
  type AnalyzerContext,
  type ConnectionAnalyzer,
  type FirstBytes,
  type Recognition,
} from '../../analyzer.ts';
import { logRecord } from '../../log-record.ts';
import { LineStream } from '../../wire/line-stream.ts';
import { asciiText, wireText } from '../../wire/text.ts';
import { dccOfferIn } from './dcc.ts';

export const analyzer = defineAnalyzer({
  id: 'irc',
  title: 'IRC',
  description:
    'Names, users and channels of IRC clients, which old bots are steered by, and what users offer each other (DCC): the connection that fetches a file ' +
    'is read as `irc-dcc-data`, that of a talk is named `irc-dcc-chat`. What is said is not kept.',
  references: ['RFC 2812', 'https://modern.ircdocs.horse/dcc'],
  emits: ['log'],
  service: 'irc',
  transports: ['tcp'],
  ports: [6666, 6667, 6668, 6669],
  spread: 'announces',
  recognize: recognizeIrc,
  start: () => ({ attach: (context) => new IrcConnection(context) }),
});

/** RFC 2812 allows 512 bytes for a line. */
const maxLineBytes = 4096;
/** Records of one connection. */
const maxRecords = 1000;

class IrcConnection implements ConnectionAnalyzer {
  readonly #context: AnalyzerContext;
  readonly #client: LineStream;
  /** Offers that others make come from the server. */
  readonly #server: LineStream;
  /** Value and rest of the last record, which Zeek tells beside an offer. */
  #last: { value?: string | undefined; addl?: string | undefined } = {};
  #nick: string | undefined;
  #user: string | undefined;
  #records = 0;
  #isConfirmed = false;

  constructor(context: AnalyzerContext) {
    this.#context = context;
    this.#client = new LineStream(maxLineBytes, 'drop', (line) => this.#command(wireText(line)));
    this.#server = new LineStream(maxLineBytes, 'drop', (line) => {
      if (line.includes(ctcpMark)) this.#offer(wireText(line));
    });
  }

  data(isOrig: boolean, bytes: Uint8Array): void {
    if (isOrig) this.#client.data(bytes);
    else this.#server.data(bytes);
  }

  #command(line: string): void {
    const groups = /^(?::\S+ +)?(?<command>[A-Za-z]{3,10})(?: +(?<rest>.*))?$/.exec(line.trimEnd())?.groups;
    if (groups === undefined) {
      if (!this.#isConfirmed) this.#context.violation('no IRC command');
      return;
    }
    const rest = groups['rest'] ?? '';
    switch ((groups['command'] ?? '').toUpperCase()) {
      case 'NICK':
        this.#confirm();
        this.#record('NICK', rest);
        this.#nick = rest;
        break;
      case 'USER':
        this.#confirm();
        this.#userCommand(rest);
        break;
      case 'JOIN':
        // Behind the channels stand their keys, which are not kept.
        for (const channel of (rest.split(' ', 1)[0] ?? '').split(',')) this.#record('JOIN', channel, '');
        break;
      case 'PRIVMSG':
        this.#offer(line);
        break;
      default:
        break;
    }
  }

  #offer(line: string): void {
    const offer = dccOfferIn(line.replace(/^:\S+ +/, ''));
    if (offer === undefined || this.#records >= maxRecords) return;
    const { type, address, port, name, size } = offer;
    const { value, addl } = this.#last;
    if (type === 'CHAT') {
      this.#context.expect(address, port, 'irc-dcc-chat');
      this.#emit({ command: 'DCC CHAT', value, addl, dcc_address: address, dcc_port: port });
      return;
    }
    this.#context.expect(address, port, 'irc-dcc-data', { name });
    this.#emit({ command: 'DCC', value, addl, dcc_file_name: name, dcc_file_size: size });
  }

  /** `USER name mode unused :real name`. The name is that of the connection afterwards. */
  #userCommand(rest: string): void {
    const name = rest.split(' ', 1)[0] ?? '';
    this.#record(
      'USER',
      name,
      rest
        .slice(name.length)
        .trim()
        .replace(/(^| ):/, '$1'),
    );
    this.#user = name;
  }

  #confirm(): void {
    this.#isConfirmed = true;
    this.#context.confirm();
  }

  #record(command: string, value: string, addl = this.#last.addl): void {
    this.#last = { value, addl };
    this.#emit({ command, value, addl });
  }

  #emit(facts: object): void {
    if (this.#records++ >= maxRecords) return;
    const event = logRecord(this.#context, 'irc', { nick: this.#nick, user: this.#user, ...facts });
    event.user_name = this.#user ?? null;
    this.#context.emit(event);
  }
}

/** Stands before and after a request of one client to another. */
const ctcpMark = 1;

/** A nickname, or a user with its four parameters (RFC 2812, 3.1), to a server that does not greet with a number as FTP and SMTP do. */
function recognizeIrc({ orig, resp }: FirstBytes): Recognition {
  if (/^\d{3}[ -]/.test(asciiText(resp, 0, 4))) return 'no';
  const lines = asciiText(orig).split('\n');
  const whole = lines.slice(0, -1);
  if (whole.some((line) => /^(?:NICK \S+|USER \S+ \S+ \S+ .+)\r?$/i.test(line))) return 'match';
  const isBegun = lines.every((line) => /^(?:$|CAP |PASS |NICK |USER )/i.test(line) || line.length < 5);
  return isBegun && whole.length < 5 && orig.length < 512 ? 'more' : 'no';
}
