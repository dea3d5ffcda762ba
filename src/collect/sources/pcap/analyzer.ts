import type { ProblemCode } from '../../../base/problem.ts';
import type { TlsSecrets } from '../../tls-secrets.ts';
import type { EventOf, KindId, VakthundEvent } from '../../../events/event.ts';

/**
 * What an application protocol sees of a capture, and what it gives back. Words are Zeek's: the originator opened the
 * connection, the responder answered, and an analyzer confirms that a connection speaks its protocol or reports a
 * violation.
 *
 * How one connection is fed:
 * 1. Analyzers whose `ports` hold the responder's port are attached at the first payload. Beside them `recognize` of every
 *    analyzer of the transport looks at the first bytes of both sides until one matches, one that is attached confirms,
 *    or `recognitionBytes` have passed. A match attaches that analyzer and replays to it what had been held back, so
 *    every analyzer sees its connection from the first byte.
 * 2. TCP: `data` in order of sequence for each side, overlaps and retransmissions removed (the first copy counts),
 *    `gap` where bytes never came, `endOfStream` for FIN. UDP, ICMP: one `data` for each datagram, in order of arrival.
 * 3. `close` once, when the connection ended, timed out, or the capture ended.
 * An analyzer that throws is detached with a problem; that is a bug, not a way to report bad input.
 */

export type Transport = 'tcp' | 'udp' | 'icmp' | 'sctp';

/** Bytes of each side that `recognize` sees at most; later ones are fed to attached analyzers only. */
export const recognitionBytes = 1024;

/** What an analyzer may hold of one connection. Longer messages are skipped or read in part, and said so by `violation` or `problem`. */
export const maxHeldBytes = 65_536;

/** Facts of a connection. Sides may change places (`AnalyzerContext.flipRoles`): read them when needed, do not copy. */
export interface Connection {
  /** `C` and base-62 digits, made of what identifies the connection: the same in every reading of the capture. */
  readonly uid: string;
  readonly transport: Transport;
  /** Canonical text (RFC 5952 for IPv6). */
  readonly sourceIp: string;
  /** Port of the originator; ICMP type for ICMP. */
  readonly sourcePort: number;
  readonly destinationIp: string;
  readonly destinationPort: number;
  /** Link-layer addresses in lower case with colons; null where the link layer has none. */
  readonly sourceMac: string | null;
  readonly destinationMac: string | null;
  readonly vlan: number | null;
  /** Time of the first packet, µs UTC. */
  readonly startTime: number;
  readonly communityId: string;
  /** uids of the tunnels that it ran in, innermost first. */
  readonly tunnelParents: readonly string[];
}

/** The packet that is being read. One object for the whole capture: read it during a call, do not keep it. */
export interface PacketClock {
  /** Time of the packet, µs UTC. */
  readonly time: number;
  /** Number of the packet in the capture, from 1: `evidence_at` of what it shows. */
  readonly packet: number;
}

/** What an analyzer does with one connection. Bytes are views into shared memory: valid during the call, copied by who keeps them. */
export interface ConnectionAnalyzer {
  /** The next bytes of a side (TCP), or one datagram (UDP, ICMP: what follows the 8 bytes of header). Never empty. */
  data(isOrig: boolean, bytes: Uint8Array): void;
  /** So many bytes of a side are missing here: lost, not captured, or cut by the snapshot length (also after a datagram). */
  gap?(isOrig: boolean, length: number): void;
  /** A side has sent its last byte (FIN). The other side may go on. */
  endOfStream?(isOrig: boolean): void;
  /** The connection is over: hand over what is still pending. Nothing is called afterwards. */
  close?(): void;
}

/** What an analyzer can ask and tell about its connection. */
export interface AnalyzerContext {
  readonly connection: Connection;
  readonly clock: PacketClock;
  /**
   * A new event with `time` and `evidence_at` of the current packet, `event_dataset` `pcap.KIND`, and, where the kind has
   * them, the columns of the connection and its uid. Set `time` (and `evidence_at`) anew for what began in an earlier packet.
   */
  newEvent<K extends KindId>(kind: K): EventOf<K>;
  emit(event: VakthundEvent): void;
  /** The connection speaks this protocol: adds the service (default: the analyzer's `service`) to the flow, once. */
  confirm(service?: string): void;
  /**
   * The bytes are not this protocol: the analyzer is detached and gets nothing more, not even `close`; a confirmed
   * service is taken back when it comes before 10 KB of payload. Say what was wrong in a few words, without values.
   */
  violation(reason: string): void;
  /**
   * Bytes are missing, and nothing can be told apart after them: the analyzer gets its `close` now and then nothing more. What it confirmed
   * stays, as a capture that lost packets says nothing against it.
   */
  lost(): void;
  /** Bytes that fit the protocol and are still wrong or beyond a bound; place and capture are added. */
  problem(code: ProblemCode, message: string): void;
  /** The originator is really the responder (its first message is an answer): the flow is turned round. `isOrig` of later calls follows. */
  flipRoles(): void;
  /**
   * An analyzer for what is carried inside (after CONNECT, STARTTLS, in SOCKS or SMB), to be fed by the one that asks: the
   * named one, or one found by content. It shares connection and services. Nesting is bounded: undefined beyond, or for an unknown id.
   */
  inner(protocol?: string): ConnectionAnalyzer | undefined;
  /** An analyzer, found by content, for what was decrypted of this connection; its events are marked. Bounded like `inner`. */
  decrypted(): ConnectionAnalyzer | undefined;
  /** Secrets that came with the capture or beside it. */
  readonly secrets: TlsSecrets;
  /** A file begins that this connection carries. */
  openFile(facts: FileFacts): FileSink;
  /** A file begins that may come over several connections: who opens it ends it, the end of the connection does not. */
  openSharedFile(facts: FileFacts): SharedFileSink;
  /**
   * A connection that will be opened to this address (FTP data) speaks this protocol. Expires after 5 minutes, or once it came. What is known of
   * the file that it will carry may be filled in until it does.
   */
  expect(destinationIp: string, destinationPort: number, protocol: string, announced?: AnnouncedFile): void;
  /** What the connection that expected this one knows of its file; undefined for one that nobody expected. */
  readonly announced: AnnouncedFile | undefined;
}

/** What the protocol says about a file before its content. */
export interface FileFacts {
  readonly isOrig: boolean;
  /** Name as sent, without a folder. */
  readonly name?: string;
  /** Size announced; undefined when it is not. */
  readonly size?: number;
  readonly urlDomain?: string;
  readonly url?: string;
  /** Number of the file in its connection, where the protocol counts. */
  readonly depth?: number;
}

/** What one connection tells of the file that another one will carry. */
export interface AnnouncedFile {
  /** Name as sent, without a folder. */
  name?: string | undefined;
  /** Bytes of the file that are left out: an earlier transfer is gone on with. */
  skippedBytes?: number;
}

/** Content of a carried file, in order. Its `file_transfer` event is emitted by `end`, at the latest when the connection closes. */
export interface FileSink {
  /** Zeek's fuid: `F` and base-62 digits. */
  readonly uid: string;
  data(bytes: Uint8Array): void;
  gap(length: number): void;
  end(): void;
  /** Type by content; null until enough bytes came, and when nothing fits. */
  readonly mimeType: string | null;
}

/** A file that comes over several connections: each of them tells it by an event of its own, with the same `uid`. */
export interface SharedFileSink extends FileSink {
  /** Bytes of it came over that connection now, handed to `data` at once or later. */
  carriedBy(context: AnalyzerContext): void;
}

/** The first bytes that each side sent, up to `recognitionBytes`; for UDP and ICMP the first datagram of each side. Empty when none came. */
export interface FirstBytes {
  readonly transport: Transport;
  readonly orig: Uint8Array;
  readonly resp: Uint8Array;
  readonly origPort: number;
  readonly respPort: number;
}

/** `match`: it is this protocol. `no`: it is not, ask no more. `more`: it may be, with more bytes. */
export type Recognition = 'match' | 'no' | 'more';

/** A frame of a protocol that stands directly on the link layer (ARP, LLDP, CDP). */
export interface LinkFrame {
  readonly sourceMac: string;
  readonly destinationMac: string;
  readonly vlan: number | null;
  /** What follows the Ethernet type, or the SNAP header. A view, valid during the call. */
  readonly payload: Uint8Array;
}

/** What the analyzers of all connections of one capture share: the link layer, and exchanges over several connections (DHCP). */
export interface CaptureContext {
  readonly clock: PacketClock;
  newEvent<K extends KindId>(kind: K): EventOf<K>;
  emit(event: VakthundEvent): void;
  problem(code: ProblemCode, message: string): void;
}

/** One analyzer's work on one capture. What it keeps beyond a connection is bounded by itself. */
export interface CaptureAnalyzer {
  /** A connection that may speak the protocol. Undefined: not interested after all. */
  attach?(context: AnalyzerContext): ConnectionAnalyzer | undefined;
  /** A frame of one of the `etherTypes` or `ciscoProtocols`. */
  frame?(frame: LinkFrame): void;
  /** The clock of the capture went on by a second or more: hand over what has waited long enough. */
  tick?(): void;
  /** The capture is over, after all connections were closed: hand over what is pending. */
  finish?(): void;
}

/** An application protocol. One folder under `protocols/`, its name is the id. */
export interface ProtocolAnalyzer<Id extends string = string> {
  readonly id: Id;
  readonly title: string;
  /** What it reads, which versions, and what it leaves out: part of the reference page. */
  readonly description: string;
  readonly references: readonly string[];
  readonly emits: readonly KindId[];
  /** Name in `network_protocol` of the flow, as Zeek writes it (`ssl` for TLS); null for protocols without connections. */
  readonly service: string | null;
  readonly transports: readonly Transport[];
  /** Ports of the responder at which it is attached without a look at the content. The same numbers for all its transports. */
  readonly ports: readonly number[];
  /** Types of Ethernet frames that it reads: 0x0806. */
  readonly etherTypes?: readonly number[];
  /** Protocol ids under Cisco's SNAP OUI 00-00-0c that it reads: 0x2000 for CDP. */
  readonly ciscoProtocols?: readonly number[];
  /**
   * How its connections hang together, for captures that several threads read in parts. `announces`: they tell of connections between
   * other ends (`expect`), so that every part follows those at its ports. `exchanges`: several make one event, so that one part reads
   * all at its ports. `pairs`: those between the same two machines at its ports belong together. Absent: each stands for itself.
   */
  readonly spread?: 'announces' | 'exchanges' | 'pairs';
  /** Tells the protocol by content, at any port. Pure and cheap: it runs at the start of every connection. Absent: by port only. */
  recognize?(first: FirstBytes): Recognition;
  /** Called once for each capture. */
  start(capture: CaptureContext): CaptureAnalyzer;
}

/** Checks an analyzer's definition while keeping its literal id. */
export function defineAnalyzer<const Id extends string>(analyzer: ProtocolAnalyzer<Id>): ProtocolAnalyzer<Id> {
  return analyzer;
}
