import type { ProblemCode } from '../../../../base/problem.ts';
import type { EventOf, KindId, VakthundEvent } from '../../../../events/event.ts';
import type {
  AnalyzerContext,
  AnnouncedFile,
  Connection,
  ConnectionAnalyzer,
  FileFacts,
  FileSink,
  PacketClock,
  SharedFileSink,
} from '../analyzer.ts';
import type { TlsSecrets } from '../../../tls-secrets.ts';
import type { RunningAnalyzer } from './capture.ts';
import type { SharedState } from './shared-state.ts';

/** Payload after which a violation no longer takes a service back. */
const settledBytes = 10 * 1024;

interface ConnectionColumns {
  source_ip: string | null;
  source_port: number | null;
  destination_ip: string | null;
  destination_port: number | null;
  network_transport: string | null;
  network_community_id: string | null;
  uid: string | null;
}

/** Where an analyzer finds readers of what its connection carries inside. */
export interface InnerFeeds {
  /** The bytes were decrypted before. */
  readonly isDecrypted: boolean;
  inner(protocol: string | undefined): ConnectionAnalyzer | undefined;
  decrypted(): ConnectionAnalyzer | undefined;
}

/** One analyzer's view of its connection. */
export class FeedContext implements AnalyzerContext {
  readonly #shared: SharedState;
  readonly #running: RunningAnalyzer;
  readonly #feed: InnerFeeds;
  /** Names that this analyzer has confirmed. */
  readonly #services: string[] = [];
  isDetached = false;
  isConfirmed = false;
  /** Waits for its last call. */
  isLost = false;

  constructor(shared: SharedState, running: RunningAnalyzer, feed: InnerFeeds) {
    this.#shared = shared;
    this.#running = running;
    this.#feed = feed;
  }

  get connection(): Connection {
    return this.#shared.connection;
  }

  get clock(): PacketClock {
    return this.#shared.capture.clock;
  }

  newEvent<K extends KindId>(kind: K): EventOf<K> {
    const event = this.#shared.capture.newEvent(kind);
    if (Object.hasOwn(event, 'uid')) fillConnection(event as unknown as ConnectionColumns, this.connection);
    return event;
  }

  emit(event: VakthundEvent): void {
    if (this.#shared.flow.isFollowed) return;
    if (this.#feed.isDecrypted) event.event_dataset = `${event.event_dataset}.decrypted`;
    this.#shared.capture.emit(event);
  }

  confirm(service?: string): void {
    const name = service ?? this.#running.protocol.service;
    this.isConfirmed = true;
    if (name === null || this.#services.includes(name)) return;
    this.#services.push(name);
    this.#shared.flow.addService(name);
  }

  violation(): void {
    if (this.isDetached) return;
    this.isDetached = true;
    if (this.#shared.payloadBytes > settledBytes) return;
    for (const name of this.#services) this.#shared.flow.removeService(name);
  }

  lost(): void {
    if (this.isDetached || this.isLost) return;
    this.isLost = true;
    if (!this.isConfirmed) return;
    this.problem('partly-seen', 'bytes of a connection are missing; what its protocol said after them was not read');
  }

  problem(code: ProblemCode, message: string): void {
    if (this.#shared.flow.isFollowed) return;
    this.#shared.capture.problem(code, message);
  }

  flipRoles(): void {
    this.#shared.flip();
  }

  inner(protocol?: string): ConnectionAnalyzer | undefined {
    return this.#feed.inner(protocol);
  }

  decrypted(): ConnectionAnalyzer | undefined {
    return this.#feed.decrypted();
  }

  get secrets(): TlsSecrets {
    return this.#shared.capture.secrets;
  }

  openFile(facts: FileFacts): FileSink {
    return this.#shared.files.open(facts, this, this.#running.protocol.service);
  }

  openSharedFile(facts: FileFacts): SharedFileSink {
    return this.#shared.files.openShared(facts, this, this.#running.protocol.service);
  }

  expect(destinationIp: string, destinationPort: number, protocol: string, announced?: AnnouncedFile): void {
    this.#shared.capture.expect(destinationIp, destinationPort, protocol, announced);
  }

  get announced(): AnnouncedFile | undefined {
    return this.#shared.announced;
  }
}

function fillConnection(event: ConnectionColumns, connection: Connection): void {
  event.source_ip = connection.sourceIp;
  event.source_port = connection.sourcePort;
  event.destination_ip = connection.destinationIp;
  event.destination_port = connection.destinationPort;
  event.network_transport = connection.transport;
  event.network_community_id = connection.communityId;
  event.uid = connection.uid;
}
