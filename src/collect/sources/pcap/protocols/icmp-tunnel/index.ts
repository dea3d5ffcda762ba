import { crc32 } from 'node:zlib';
import { defineAnalyzer, type AnalyzerContext, type ConnectionAnalyzer } from '../../analyzer.ts';
import { logRecord } from '../../log-record.ts';

export const analyzer = defineAnalyzer({
  id: 'icmp-tunnel',
  title: 'ICMP echo',
  description:
    'What pings carry: a record with sizes, entropy, the share of answers that do not return what was sent and the bytes that are no filling, for every echo exchange that is not an ordinary ping. ' +
    'An ordinary one returns its payload, and sends the same length each time. Replies that nobody asked for are told too.',
  references: ['RFC 792', 'RFC 4443', 'https://attack.mitre.org/techniques/T1095/'],
  emits: ['log'],
  service: null,
  transports: ['icmp'],
  ports: [],
  recognize: () => 'match',
  start: () => ({ attach: (context) => new EchoConnection(context) }),
});

/** Types of an echo request, of ICMP and ICMPv6. */
const requestTypes: ReadonlySet<number> = new Set([8, 128]);
/** Types of the reply: a connection begins with one where the request was not seen, or never sent. */
const replyTypes: ReadonlySet<number> = new Set([0, 129]);
/** Fewer replies without a request are those to a ping that the sensor missed. */
const fewReplies = 3;
/** Payload of `ping` is 32 to 64 bytes by default; tunnels fill the packet. */
const ordinaryBytes = 128;
/** Different lengths that are counted. */
const maxLengths = 1000;
/** Bytes of one side that go into the entropy. */
const maxSampledBytes = 65_536;
/** Requests that may be on their way at a time: a flood does not wait for answers. */
const maxOutstanding = 64;

class EchoConnection implements ConnectionAnalyzer {
  readonly #context: AnalyzerContext;
  /** Who began did so with replies. */
  readonly #beginsWithReplies: boolean;
  readonly #lengths = new Set<number>();
  readonly #counts = new Uint32Array(256);
  #sampled = 0;
  /** Checksums of the last requests, in a ring. */
  readonly #asked = new Float64Array(maxOutstanding).fill(-1);
  #lastRequest = new Uint8Array(0);
  #lastReply = new Uint8Array(0);
  #contentBytes = 0;
  #requests = 0;
  #replies = 0;
  #unasked = 0;
  #changed = 0;
  #bytes = 0;
  #maxBytes = 0;

  constructor(context: AnalyzerContext) {
    this.#context = context;
    this.#beginsWithReplies = replyTypes.has(context.connection.sourcePort);
  }

  data(isOrig: boolean, bytes: Uint8Array): void {
    if (isOrig === this.#beginsWithReplies) this.#reply(bytes);
    else this.#request(bytes);
    this.#bytes += bytes.length;
    this.#maxBytes = Math.max(this.#maxBytes, bytes.length);
    if (this.#lengths.size < maxLengths) this.#lengths.add(bytes.length);
    for (let at = 0; at < bytes.length && this.#sampled < maxSampledBytes; at++, this.#sampled++) {
      const byte = bytes[at] ?? 0;
      this.#counts[byte] = (this.#counts[byte] ?? 0) + 1;
    }
  }

  #request(bytes: Uint8Array): void {
    this.#asked[this.#requests % maxOutstanding] = crc32(bytes);
    this.#requests++;
    this.#contentBytes += contentOf(bytes, this.#lastRequest);
    this.#lastRequest = Uint8Array.from(bytes);
  }

  #reply(bytes: Uint8Array): void {
    this.#replies++;
    if (this.#asked.includes(crc32(bytes))) return;
    if (this.#requests === 0) this.#unasked++;
    else this.#changed++;
    this.#contentBytes += contentOf(bytes, this.#lastReply);
    this.#lastReply = Uint8Array.from(bytes);
  }

  close(): void {
    const isEcho = this.#beginsWithReplies || requestTypes.has(this.#context.connection.sourcePort);
    if (!isEcho || !this.#isUnusual()) return;
    const event = logRecord(this.#context, 'icmp_echo', {
      requests: this.#requests,
      replies: this.#replies,
      changed_replies: this.#changed,
      unasked_replies: this.#unasked,
      payload_bytes: this.#bytes,
      max_payload_bytes: this.#maxBytes,
      distinct_lengths: this.#lengths.size,
      content_bytes: this.#contentBytes,
      entropy: this.#entropy(),
    });
    event.time = this.#context.connection.startTime;
    const what = this.#requests === 0 ? 'not asked for' : 'changed';
    const count = this.#requests === 0 ? this.#unasked : this.#changed;
    event.message = `ICMP echo with ${this.#bytes} bytes of payload, ${count} of ${this.#replies} replies ${what}`;
    this.#context.emit(event);
  }

  #isUnusual(): boolean {
    if (this.#requests === 0 && this.#unasked >= fewReplies) return true;
    return this.#changed > 0 || this.#maxBytes > ordinaryBytes || this.#lengths.size > 2;
  }

  /** Shannon entropy of the payload, bits a byte. */
  #entropy(): number {
    let entropy = 0;
    for (const count of this.#counts) {
      if (count > 0) entropy -= (count / this.#sampled) * Math.log2(count / this.#sampled);
    }
    return Math.round(entropy * 1000) / 1000;
  }
}

/** Where programs put the time of sending. */
const timeBytes = 24;
const patternBytes = 16;

/**
 * Bytes that are no filling: programs that ping fill a packet with the same byte, with bytes that count upwards, or with a pattern of up to
 * 16 bytes, and with the same in each packet. The time of sending in front is left out.
 */
function contentOf(bytes: Uint8Array, previous: Uint8Array): number {
  let content = 0;
  for (let at = timeBytes; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    const [before = 0, twoBefore = 0] = [bytes[at - 1], bytes[at - 2]];
    if (byte === previous[at] || byte === bytes[at - patternBytes]) continue;
    if (byte !== ((2 * before - twoBefore) & 255)) content++;
  }
  return content;
}
