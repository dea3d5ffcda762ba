import type { ProblemCode } from '../../../../base/problem.ts';
import { kindIds, newEvent, type EventOf, type KindId, type VakthundEvent } from '../../../../events/event.ts';
import type { TlsSecrets } from '../../../tls-secrets.ts';
import type {
  AnnouncedFile,
  CaptureAnalyzer,
  CaptureContext,
  Connection,
  ProtocolAnalyzer,
  Transport,
} from '../analyzer.ts';
import type { Flow } from '../flows/flow.ts';
import type { Tally } from '../tally.ts';
import type { CaptureClock } from './clock.ts';
import type { ContentKeeper } from './content-keeper.ts';
import { PictureTester } from './picture-tester.ts';

const maxExpectations = 10_000;
const expectationMicros = 300e6;

/** An analyzer at work on this capture. */
export interface RunningAnalyzer {
  readonly protocol: ProtocolAnalyzer;
  readonly capture: CaptureAnalyzer;
}

interface Expectation {
  readonly protocol: string;
  readonly announced: AnnouncedFile | undefined;
  readonly time: number;
}

/** Who reads a connection that was expected. */
interface ExpectedReader {
  readonly running: RunningAnalyzer;
  readonly announced: AnnouncedFile | undefined;
}

/** What all connections of one capture share: the analyzers, the events, the clock. */
export class CaptureSession implements CaptureContext {
  readonly clock: CaptureClock;
  readonly #tally: Tally;
  readonly #events: VakthundEvent[];
  readonly #running: readonly RunningAnalyzer[];
  /** Those that do something as time passes. */
  readonly #ticking: readonly RunningAnalyzer[];
  readonly #byPort: { readonly [T in Transport]: Map<number, RunningAnalyzer[]> } = {
    tcp: new Map(),
    udp: new Map(),
    icmp: new Map(),
    sctp: new Map(),
  };
  readonly #byContent = new Map<Transport, RunningAnalyzer[]>();
  readonly #byLinkType = new Map<number, RunningAnalyzer[]>();
  readonly #expectations = new Map<string, Expectation>();
  /** Exchanges the sides of a flow. */
  readonly flip: (flow: Flow) => void;
  /** Given when the contents of files are wanted. */
  readonly keeper: ContentKeeper | undefined;
  /** Absent where only the contents of files are wanted. */
  readonly pictures: PictureTester | undefined;
  readonly secrets: TlsSecrets;

  constructor(
    protocols: readonly ProtocolAnalyzer[],
    clock: CaptureClock,
    events: VakthundEvent[],
    tally: Tally,
    flip: (flow: Flow) => void,
    secrets: TlsSecrets,
    keeper?: ContentKeeper,
  ) {
    this.clock = clock;
    this.#events = events;
    this.#tally = tally;
    this.flip = flip;
    this.keeper = keeper;
    this.pictures =
      keeper === undefined ? new PictureTester((message) => this.problem('limit-reached', message)) : undefined;
    this.secrets = secrets;
    this.#running = protocols.map((protocol) => ({ protocol, capture: protocol.start(this) }));
    this.#ticking = this.#running.filter(({ capture }) => capture.tick !== undefined);
    for (const running of this.#running) this.#register(running);
  }

  /** False when no application protocol is read at all. */
  get hasReaders(): boolean {
    return this.#running.length > 0;
  }

  newEvent<K extends KindId>(kind: K): EventOf<K> {
    const { time, packet } = this.clock;
    const event = newEvent(kind);
    const row = event as unknown as { time: number; evidence_at: number; event_dataset: string };
    row.time = time;
    row.evidence_at = packet;
    row.event_dataset = datasets[kind];
    return event;
  }

  emit(event: VakthundEvent): void {
    this.#events.push(event);
  }

  problem(code: ProblemCode, message: string): void {
    this.#tally.add(code, message, this.clock.packet);
  }

  byId(id: string): RunningAnalyzer | undefined {
    return this.#running.find(({ protocol }) => protocol.id === id);
  }

  byPort(transport: Transport, port: number): readonly RunningAnalyzer[] {
    return this.#byPort[transport].get(port) ?? nobody;
  }

  byContent(transport: Transport): readonly RunningAnalyzer[] {
    return this.#byContent.get(transport) ?? nobody;
  }

  byLinkType(type: number): readonly RunningAnalyzer[] {
    return this.#byLinkType.get(type) ?? nobody;
  }

  expect(ip: string, port: number, protocol: string, announced?: AnnouncedFile): void {
    const key = `${ip} ${port}`;
    this.#expectations.delete(key);
    if (this.#expectations.size >= maxExpectations) {
      const [oldest] = this.#expectations.keys();
      if (oldest !== undefined) this.#expectations.delete(oldest);
    }
    this.#expectations.set(key, { protocol, announced, time: this.clock.time });
  }

  /** The analyzer that a connection to this address was announced for, once. */
  expected({ destinationIp, destinationPort }: Connection): ExpectedReader | undefined {
    if (this.#expectations.size === 0) return undefined;
    const key = `${destinationIp} ${destinationPort}`;
    const expectation = this.#expectations.get(key);
    if (expectation === undefined) return undefined;
    this.#expectations.delete(key);
    const isInTime = this.clock.time - expectation.time <= expectationMicros;
    const running = isInTime ? this.byId(expectation.protocol) : undefined;
    return running === undefined ? undefined : { running, announced: expectation.announced };
  }

  tick(): void {
    for (const running of this.#ticking) this.guard(running, () => running.capture.tick?.());
  }

  finish(): void {
    for (const running of this.#running) this.guard(running, () => running.capture.finish?.());
  }

  /** Runs an analyzer's code; what it throws is a bug of it, and must not cost the rest of the capture. */
  guard({ protocol }: RunningAnalyzer, work: () => void): boolean {
    try {
      work();
      return true;
    } catch (error) {
      this.failed(protocol, error);
      return false;
    }
  }

  failed({ id }: ProtocolAnalyzer, error: unknown): void {
    const what = error instanceof Error ? error.message : 'it failed';
    this.problem('detector-failed', `the ${id} analyzer stopped on a connection: ${what}`);
  }

  #register(running: RunningAnalyzer): void {
    const { protocol } = running;
    for (const transport of protocol.transports) {
      for (const port of protocol.ports) push(this.#byPort[transport], port, running);
      if (protocol.recognize !== undefined) push(this.#byContent, transport, running);
    }
    for (const type of protocol.etherTypes ?? []) push(this.#byLinkType, type, running);
    for (const type of protocol.ciscoProtocols ?? []) push(this.#byLinkType, 0x1_0000 + type, running);
  }
}

const datasets = Object.fromEntries(kindIds.map((kind) => [kind, `pcap.${kind}`])) as Readonly<Record<KindId, string>>;

const nobody: readonly RunningAnalyzer[] = [];

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}
