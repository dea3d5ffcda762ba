import {
  defineAnalyzer,
  type AnalyzerContext,
  type ConnectionAnalyzer,
  type FirstBytes,
  type Recognition,
} from '../../analyzer.ts';
import { ConnectionLog } from '../../log-record.ts';
import { asciiText, hexText, wireText } from '../../wire/text.ts';
import { readBencoded, type Bencoded } from './bencode.ts';

export const analyzer = defineAnalyzer({
  id: 'bittorrent-dht',
  title: 'BitTorrent DHT',
  description:
    'Messages of the distributed hash table of BitTorrent (KRPC): queries with what they look for, answers, errors, versions of clients.',
  references: ['https://www.bittorrent.org/beps/bep_0005.html'],
  emits: ['log'],
  service: 'bittorrent-dht',
  transports: ['udp'],
  ports: [],
  recognize: ({ orig, resp }: FirstBytes): Recognition =>
    readMessage(orig.length > 0 ? orig : resp) === undefined ? 'no' : 'match',
  start: () => ({ attach: (context) => new DhtConnection(context) }),
});

const maxRecords = 100;
const maxTextBytes = 64;
const types: Readonly<Record<string, string>> = { q: 'query', r: 'response', e: 'error' };

class DhtConnection implements ConnectionAnalyzer {
  readonly #context: AnalyzerContext;
  readonly #log: ConnectionLog;
  #isConfirmed = false;

  constructor(context: AnalyzerContext) {
    this.#context = context;
    this.#log = new ConnectionLog(context, maxRecords);
  }

  data(isOrig: boolean, bytes: Uint8Array): void {
    const message = readMessage(bytes);
    if (message === undefined) {
      // Peers are of many makes: one bad message among good ones is no other protocol.
      if (this.#isConfirmed) this.#context.problem('bad-record', 'a message of BitTorrent DHT is not readable');
      else this.#context.violation('no KRPC message');
      return;
    }
    // Who asks first has opened the flow, whatever its ports made of it.
    if (!this.#isConfirmed && !isOrig && message['type'] === 'query') this.#context.flipRoles();
    this.#isConfirmed = true;
    this.#context.confirm();
    this.#log.add('bittorrent_dht', message);
  }
}

function readMessage(bytes: Uint8Array): Readonly<Record<string, unknown>> | undefined {
  // Every message is a dictionary; a look at one byte spares the rest of the work in other traffic.
  const message = bytes[0] === 0x64 ? readBencoded(bytes) : undefined;
  if (!(message instanceof Map)) return undefined;
  const type = types[textAt(message, 'y') ?? ''];
  const transaction = hexAt(message, 't');
  if (type === undefined || transaction === undefined) return undefined;
  const content = message.get(type === 'query' ? 'a' : 'r');
  const body: ReadonlyMap<string, Bencoded> = content instanceof Map ? content : new Map<string, Bencoded>();
  const port = body.get('port');
  const values = body.get('values');
  return {
    type,
    transaction_id: transaction,
    client_version: hexAt(message, 'v'),
    request_type: textAt(message, 'q'),
    id: hexAt(body, 'id'),
    target: hexAt(body, 'target'),
    info_hash: hexAt(body, 'info_hash'),
    port: typeof port === 'number' ? port : undefined,
    peers: Array.isArray(values) ? values.length : undefined,
    error: errorOf(message.get('e')),
  };
}

function textAt(map: ReadonlyMap<string, Bencoded>, key: string): string | undefined {
  const value = map.get(key);
  return value instanceof Uint8Array ? asciiText(value.subarray(0, maxTextBytes)) : undefined;
}

function hexAt(map: ReadonlyMap<string, Bencoded>, key: string): string | undefined {
  const value = map.get(key);
  return value instanceof Uint8Array ? hexText(value.subarray(0, maxTextBytes)) : undefined;
}

function errorOf(error: Bencoded | undefined): string | undefined {
  if (!Array.isArray(error)) return undefined;
  const [number, text] = error as readonly Bencoded[];
  const told = text instanceof Uint8Array ? wireText(text.subarray(0, maxTextBytes)) : '';
  return `${typeof number === 'number' ? number : '?'} ${told}`.trim();
}
