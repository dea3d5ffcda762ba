import type {
  AnalyzerContext,
  AnnouncedFile,
  CaptureContext,
  Connection,
  ConnectionAnalyzer,
  FileFacts,
  FileSink,
  ProtocolAnalyzer,
  SharedFileSink,
} from '../../src/collect/sources/pcap/analyzer.ts';
import { noSecrets, type TlsSecrets } from '../../src/collect/tls-secrets.ts';
import { newEvent, type EventOf, type EventRow, type KindId, type VakthundEvent } from '../../src/events/event.ts';

/** What one side sends: bytes, so many missing ones, or its end. */
export type Step =
  | { readonly from: 'client' | 'server'; readonly bytes: Uint8Array | string }
  | { readonly from: 'client' | 'server'; readonly missing: number };

export interface SeenFile {
  readonly facts: FileFacts;
  content: string;
  missing: number;
  isEnded: boolean;
}

export interface Outcome {
  readonly events: readonly EventRow[];
  readonly services: readonly string[];
  readonly violations: readonly string[];
  /** Bytes were missing, and it could not go on. */
  readonly isLost: boolean;
  readonly problems: readonly string[];
  readonly files: readonly SeenFile[];
  readonly flips: number;
  /** Protocols asked for inside, and what they were fed. */
  readonly inner: readonly { readonly protocol: string; readonly fed: string[] }[];
  /** Connections that were announced: address, port, protocol. */
  readonly expected: readonly string[];
  /** What was told of the files that they will carry. */
  readonly announced: readonly AnnouncedFile[];
}

const connection: Connection = {
  uid: 'C1',
  transport: 'tcp',
  sourceIp: '10.0.0.1',
  sourcePort: 40_000,
  destinationIp: '10.0.0.2',
  destinationPort: 80,
  sourceMac: null,
  destinationMac: null,
  vlan: null,
  startTime: 1_000_000,
  communityId: '1:x',
  tunnelParents: [],
};

/** Feeds one analyzer one connection, a second between steps, and tells all that it did. */
export function runConnection(
  analyzer: ProtocolAnalyzer,
  steps: readonly Step[],
  facts: Partial<Connection> = {},
  secrets: TlsSecrets = noSecrets,
): Outcome {
  const recorder = new Recorder({ ...connection, ...facts }, secrets);
  const capture = analyzer.start(recorder);
  const attached = capture.attach?.(recorder);
  for (const step of steps) {
    recorder.clock.time += 1_000_000;
    recorder.clock.packet++;
    const { violations, isLost } = recorder.outcome;
    if (attached !== undefined && violations.length === 0 && !isLost) feed(attached, step);
  }
  if (recorder.outcome.violations.length === 0) attached?.close?.();
  capture.finish?.();
  return recorder.outcome;
}

/** Feeds an analyzer of the link layer one frame from `02:00:00:00:00:99`. */
export function runFrame(analyzer: ProtocolAnalyzer, payload: readonly number[]): Outcome {
  const recorder = new Recorder(connection);
  const frame = {
    sourceMac: '02:00:00:00:00:99',
    destinationMac: 'ff:ff:ff:ff:ff:ff',
    vlan: null,
    payload: Uint8Array.from(payload),
  };
  analyzer.start(recorder).frame?.(frame);
  return recorder.outcome;
}

function feed(analyzer: ConnectionAnalyzer, step: Step): void {
  const isOrig = step.from === 'client';
  if ('missing' in step) analyzer.gap?.(isOrig, step.missing);
  else analyzer.data(isOrig, bytesOf(step.bytes));
}

class Recorder implements AnalyzerContext, CaptureContext {
  readonly connection: Connection;
  readonly clock = { time: 1_000_000, packet: 0 };
  readonly secrets: TlsSecrets;
  readonly outcome = {
    events: [] as EventRow[],
    services: [] as string[],
    violations: [] as string[],
    isLost: false,
    problems: [] as string[],
    files: [] as SeenFile[],
    flips: 0,
    inner: [] as { protocol: string; fed: string[] }[],
    expected: [] as string[],
    announced: [] as AnnouncedFile[],
  };

  constructor(facts: Connection, secrets: TlsSecrets = noSecrets) {
    this.connection = facts;
    this.secrets = secrets;
  }

  newEvent<K extends KindId>(kind: K): EventOf<K> {
    const { time, packet } = this.clock;
    return Object.assign(newEvent(kind), { time, evidence_at: packet, event_dataset: `pcap.${kind}` });
  }

  emit(event: VakthundEvent): void {
    this.outcome.events.push(event as unknown as EventRow);
  }

  confirm(service = 'default'): void {
    if (!this.outcome.services.includes(service)) this.outcome.services.push(service);
  }

  violation(reason: string): void {
    this.outcome.violations.push(reason);
  }

  lost(): void {
    this.outcome.isLost = true;
  }

  problem(code: string, message: string): void {
    this.outcome.problems.push(`${code}: ${message}`);
  }

  flipRoles(): void {
    this.outcome.flips++;
  }

  decrypted(): ConnectionAnalyzer {
    return this.inner('decrypted');
  }

  inner(protocol = 'any'): ConnectionAnalyzer {
    const fed: string[] = [];
    this.outcome.inner.push({ protocol, fed });
    return {
      data: (isOrig, bytes) => {
        fed.push(`${isOrig ? 'client' : 'server'}: ${Buffer.from(bytes).toString('latin1')}`);
      },
    };
  }

  openFile(facts: FileFacts): FileSink {
    const file: SeenFile = { facts, content: '', missing: 0, isEnded: false };
    this.outcome.files.push(file);
    return {
      uid: `F${this.outcome.files.length}`,
      mimeType: null,
      data: (bytes) => {
        file.content += Buffer.from(bytes).toString('latin1');
      },
      gap: (length) => {
        file.missing += length;
      },
      end: () => {
        file.isEnded = true;
      },
    };
  }

  openSharedFile(facts: FileFacts): SharedFileSink {
    return { ...this.openFile(facts), carriedBy: () => undefined };
  }

  announced: AnnouncedFile | undefined = undefined;

  expect(destinationIp: string, destinationPort: number, protocol: string, announced?: AnnouncedFile): void {
    if (announced !== undefined) this.outcome.announced.push(announced);
    this.outcome.expected.push(`${destinationIp} ${destinationPort} ${protocol}`);
  }
}

/** Steps of a client and a server in turn: the odd ones are the server's. */
export function inTurn(...texts: readonly (Uint8Array | string)[]): Step[] {
  return texts.map((bytes, index) => ({ from: index % 2 === 0 ? 'client' : 'server', bytes }));
}

/** The same steps with all bytes cut into pieces of `size`. */
export function cutSteps(steps: readonly Step[], size: number): Step[] {
  return steps.flatMap((step): Step[] => {
    if (!('bytes' in step)) return [step];
    const bytes = bytesOf(step.bytes);
    const count = Math.ceil(bytes.length / size);
    return Array.from({ length: count }, (_none, at) => ({
      from: step.from,
      bytes: bytes.subarray(at * size, (at + 1) * size),
    }));
  });
}

function bytesOf(content: Uint8Array | string): Buffer {
  return typeof content === 'string' ? Buffer.from(content, 'latin1') : Buffer.from(content);
}
