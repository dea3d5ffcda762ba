import { recognitionBytes, type ConnectionAnalyzer, type FirstBytes, type Recognition } from '../analyzer.ts';
import type { RunningAnalyzer } from './capture.ts';
import { FeedContext, type InnerFeeds } from './context.ts';
import type { SharedState } from './shared-state.ts';

/** Payload that is held back for an analyzer that is not known yet, and in how many pieces. */
const maxHeldBytes = 16 * 1024;
const maxHeldPieces = 16;
const maxDepth = 4;
const nothing = new Uint8Array(0);
const nobody: readonly RunningAnalyzer[] = [];

interface Attached {
  readonly running: RunningAnalyzer;
  readonly context: FeedContext;
  readonly analyzer: ConnectionAnalyzer;
}

/** A piece of payload, or of a gap, that came before its reader was known. */
interface Held {
  readonly isOrig: boolean;
  readonly bytes: Uint8Array;
  readonly gap: number;
}

/** Feeds payload to analyzers: those that are attached, and the one that recognises its protocol in the first bytes. */
export class ProtocolFeed implements ConnectionAnalyzer, InnerFeeds {
  readonly #shared: SharedState;
  readonly #depth: number;
  readonly isDecrypted: boolean;
  #attached: Attached[] = [];
  #candidates: readonly RunningAnalyzer[] = nobody;
  #held: Held[] = [];
  #heldBytes = 0;
  #orig: Uint8Array = nothing;
  #resp: Uint8Array = nothing;

  constructor(shared: SharedState, depth: number, isDecrypted = false) {
    this.#shared = shared;
    this.#depth = depth;
    this.isDecrypted = isDecrypted;
  }

  /** True when nobody reads it any more. */
  get isIdle(): boolean {
    return this.#attached.length === 0 && this.#candidates.length === 0;
  }

  /** Attaches an analyzer to what comes from now on. */
  attach(running: RunningAnalyzer): Attached | undefined {
    const context = new FeedContext(this.#shared, running, this);
    const analyzer = this.#begin(running, context);
    if (analyzer === undefined) return undefined;
    const attached = { running, context, analyzer };
    this.#attached.push(attached);
    return attached;
  }

  #begin(running: RunningAnalyzer, context: FeedContext): ConnectionAnalyzer | undefined {
    try {
      return running.capture.attach?.(context);
    } catch (error) {
      this.#shared.capture.failed(running.protocol, error);
      return undefined;
    }
  }

  /** Looks at the first bytes for any of these, beside the ones that are attached. */
  recognizeBy(candidates: readonly RunningAnalyzer[]): void {
    const isAttached = (one: RunningAnalyzer): boolean => this.#attached.some(({ running }) => running === one);
    this.#candidates =
      this.#attached.length === 0 ? candidates : candidates.filter((candidate) => !isAttached(candidate));
  }

  data(isOrig: boolean, bytes: Uint8Array): void {
    if (this.#candidates.length > 0) this.#recognize(isOrig, bytes);
    // Spelled out, because it runs for every packet with payload.
    for (const attached of this.#attached) {
      if (attached.context.isDetached) continue;
      try {
        attached.analyzer.data(isOrig, bytes);
      } catch (error) {
        this.#fail(attached, error);
      }
    }
    this.#dropDetached();
    if (this.#candidates.length > 0) this.#hold(isOrig, bytes);
  }

  gap(isOrig: boolean, length: number): void {
    this.#forAll((analyzer) => analyzer.gap?.(isOrig, length));
    if (this.#candidates.length === 0) return;
    // After a gap of TCP the first bytes are no longer in one piece; a datagram's cut end changes nothing.
    if (this.#shared.connection.transport === 'tcp') this.#stopRecognizing();
    else this.#held.push({ isOrig, bytes: nothing, gap: length });
  }

  endOfStream(isOrig: boolean): void {
    this.#forAll((analyzer) => analyzer.endOfStream?.(isOrig));
  }

  close(): void {
    this.#stopRecognizing();
    this.#forAll((analyzer) => analyzer.close?.());
    this.#attached = [];
  }

  flipped(): void {
    [this.#orig, this.#resp] = [this.#resp, this.#orig];
    this.#held = this.#held.map(({ isOrig, bytes, gap }) => ({ isOrig: !isOrig, bytes, gap }));
  }

  /** A feed for what is carried inside this one. */
  inner(protocol: string | undefined): ConnectionAnalyzer | undefined {
    if (this.#depth >= maxDepth) return undefined;
    const feed = new ProtocolFeed(this.#shared, this.#depth + 1, this.isDecrypted);
    if (protocol === undefined) return feed.#byContent();
    const running = this.#shared.capture.byId(protocol);
    return running === undefined || feed.attach(running) === undefined ? undefined : feed;
  }

  decrypted(): ConnectionAnalyzer | undefined {
    if (this.#depth >= maxDepth) return undefined;
    return new ProtocolFeed(this.#shared, this.#depth + 1, true).#byContent();
  }

  #byContent(): this {
    this.recognizeBy(this.#shared.capture.byContent(this.#shared.connection.transport));
    return this;
  }

  #recognize(isOrig: boolean, bytes: Uint8Array): void {
    if (this.#attached.some(({ context }) => context.isConfirmed)) {
      this.#stopRecognizing();
      return;
    }
    this.#keepHead(isOrig, bytes);
    const { connection } = this.#shared;
    const first: FirstBytes = {
      transport: connection.transport,
      orig: this.#orig,
      resp: this.#resp,
      origPort: connection.sourcePort,
      respPort: connection.destinationPort,
    };
    const undecided: RunningAnalyzer[] = [];
    for (const candidate of this.#candidates) {
      const answer = this.#ask(candidate, first);
      if (answer === 'match') {
        this.#matched(candidate);
        return;
      }
      if (answer === 'more') undecided.push(candidate);
    }
    this.#candidates = undecided;
    if (undecided.length === 0) this.#stopRecognizing();
  }

  #ask({ protocol }: RunningAnalyzer, first: FirstBytes): Recognition | undefined {
    try {
      return protocol.recognize?.(first);
    } catch (error) {
      this.#shared.capture.failed(protocol, error);
      return 'no';
    }
  }

  #matched(running: RunningAnalyzer): void {
    const held = this.#held;
    this.#stopRecognizing();
    const attached = this.attach(running);
    if (attached === undefined) return;
    for (const { isOrig, bytes, gap } of held) {
      if (gap > 0) this.#call(attached, (analyzer) => analyzer.gap?.(isOrig, gap));
      else this.#call(attached, (analyzer) => analyzer.data(isOrig, bytes));
    }
  }

  /** The head of a stream grows; of datagrams only the first one of each side counts. */
  #keepHead(isOrig: boolean, bytes: Uint8Array): void {
    const head = isOrig ? this.#orig : this.#resp;
    const isStream = this.#shared.connection.transport === 'tcp';
    if (head.length >= recognitionBytes || (head.length > 0 && !isStream)) return;
    const taken = bytes.subarray(0, recognitionBytes - head.length);
    const grown = grow(head, taken);
    if (isOrig) this.#orig = grown;
    else this.#resp = grown;
  }

  #hold(isOrig: boolean, bytes: Uint8Array): void {
    const isBeyond = this.#heldBytes + bytes.length > maxHeldBytes || this.#held.length >= maxHeldPieces;
    const isDecided = this.#orig.length >= recognitionBytes && this.#resp.length >= recognitionBytes;
    if (isBeyond || isDecided) {
      this.#stopRecognizing();
      return;
    }
    this.#held.push({ isOrig, bytes: new Uint8Array(bytes), gap: 0 });
    this.#heldBytes += bytes.length;
  }

  #stopRecognizing(): void {
    this.#candidates = nobody;
    if (this.#held.length > 0) this.#held = [];
    this.#heldBytes = 0;
    this.#orig = nothing;
    this.#resp = nothing;
  }

  #forAll(work: (analyzer: ConnectionAnalyzer) => void): void {
    for (const attached of this.#attached) this.#call(attached, work);
    this.#dropDetached();
  }

  #call(attached: Attached, work: (analyzer: ConnectionAnalyzer) => void): void {
    if (attached.context.isDetached) return;
    try {
      work(attached.analyzer);
    } catch (error) {
      this.#fail(attached, error);
    }
  }

  #fail({ running, context }: Attached, error: unknown): void {
    context.isDetached = true;
    this.#shared.capture.failed(running.protocol, error);
  }

  #closeLost(attached: Attached): void {
    this.#call(attached, (analyzer) => analyzer.close?.());
    attached.context.isDetached = true;
  }

  #dropDetached(): void {
    let isAny = false;
    // Spelled out, because it runs for every packet with payload.
    for (const attached of this.#attached) {
      if (attached.context.isLost) this.#closeLost(attached);
      isAny ||= attached.context.isDetached;
    }
    if (isAny) this.#attached = this.#attached.filter(({ context }) => !context.isDetached);
  }
}

/** A head with more bytes behind it: in the same memory, where the head has room there, as it has from the second piece on. */
function grow(head: Uint8Array, more: Uint8Array): Uint8Array {
  if (head.length === 0) return new Uint8Array(more);
  const length = head.length + more.length;
  const { buffer, byteOffset } = head;
  const room = byteOffset === 0 && buffer.byteLength === recognitionBytes ? new Uint8Array(buffer) : undefined;
  const target = room ?? new Uint8Array(recognitionBytes);
  if (room === undefined) target.set(head);
  target.set(more, head.length);
  return target.subarray(0, length);
}
