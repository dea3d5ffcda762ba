import {
  defineAnalyzer,
  type AnalyzerContext,
  type ConnectionAnalyzer,
  type FirstBytes,
  type Recognition,
} from '../../analyzer.ts';
import { logRecord } from '../../log-record.ts';
import { asciiText, hexText, wireText } from '../../wire/text.ts';

export const analyzer = defineAnalyzer({
  id: 'bittorrent',
  title: 'BitTorrent peers',
  description: 'The handshake of two peers: which torrent they exchange, and with what programs. Pieces are not read.',
  references: ['https://www.bittorrent.org/beps/bep_0003.html', 'https://www.bittorrent.org/beps/bep_0020.html'],
  emits: ['log'],
  service: 'bittorrent',
  transports: ['tcp'],
  ports: [],
  recognize: ({ orig }: FirstBytes): Recognition => {
    if (!mark.startsWith(asciiText(orig, 0, mark.length))) return 'no';
    return orig.length < mark.length ? 'more' : 'match';
  },
  start: () => ({ attach: (context) => new PeerConnection(context) }),
});

const mark = '\x13BitTorrent protocol';
const handshakeBytes = 68;
const infoHashAt = 28;
const peerIdAt = 48;

class PeerConnection implements ConnectionAnalyzer {
  readonly #context: AnalyzerContext;
  readonly #heads: [Buffer, Buffer] = [Buffer.alloc(0), Buffer.alloc(0)];
  readonly #peers: [string | undefined, string | undefined] = [undefined, undefined];
  #infoHash = '';
  #isTold = false;

  constructor(context: AnalyzerContext) {
    this.#context = context;
  }

  data(isOrig: boolean, bytes: Uint8Array): void {
    const side = isOrig ? 0 : 1;
    if (this.#peers[side] !== undefined) return;
    const missing = handshakeBytes - this.#heads[side].length;
    const head = Buffer.concat([this.#heads[side], bytes.subarray(0, missing)]);
    this.#heads[side] = head;
    if (!mark.startsWith(asciiText(head, 0, mark.length))) {
      this.#context.violation('no handshake of BitTorrent');
      return;
    }
    if (head.length < handshakeBytes) return;
    this.#context.confirm();
    this.#infoHash = hexText(head.subarray(infoHashAt, peerIdAt));
    this.#peers[side] = programOf(head.subarray(peerIdAt));
    if (this.#peers[0] !== undefined && this.#peers[1] !== undefined) this.#tell();
  }

  gap(): void {
    this.#context.lost();
  }

  close(): void {
    if (this.#infoHash !== '') this.#tell();
  }

  #tell(): void {
    if (this.#isTold) return;
    this.#isTold = true;
    const [client, server] = this.#peers;
    const event = logRecord(this.#context, 'bittorrent', { info_hash: this.#infoHash, client, server });
    event.time = this.#context.connection.startTime;
    this.#context.emit(event);
  }
}

/** `-qB4650-` and the like: the program and its version; else the whole id in hex. */
function programOf(peerId: Uint8Array): string {
  const text = wireText(peerId.subarray(0, 8));
  return /^-[A-Za-z~]{2}[0-9A-Za-z]{4}-$/.test(text) ? text.slice(1, -1) : hexText(peerId);
}
