import type { Logger } from '../base/logger.ts';
import type { Problem } from '../base/problem.ts';
import type { Micros } from '../base/time.ts';
import type { EventOf, KindId, VakthundEvent } from '../events/event.ts';
import type { RowSink } from '../events/row-sink.ts';
import type { RecordStream } from '../match/record-stream.ts';
import type { BulkPlan } from '../store/bulk.ts';
import type { PacketIndexSink, PacketRun } from './packet-index.ts';
import type { KeyLog, TlsSecrets } from './tls-secrets.ts';

/** A point in a content up to which everything has been handed over. Decoding can go on from it later. */
export interface Checkpoint {
  /** Offset in the decompressed content. */
  readonly byte: number;
  /** Lines or records before it. */
  readonly line: number;
  /** Whatever else the source needs to go on there (a header, a table), as text of its own. */
  readonly state?: string;
}
export const contentStart: Checkpoint = { byte: 0, line: 0 };

export interface DecodeContext {
  /** Name of the content, for formats that tell their type by it. Never a path to open. */
  readonly name: string;
  /** Where to go on; the bytes that come begin at `start.byte`. */
  readonly start: Checkpoint;
  /** True while the content may still grow: a last line without its end is left for later instead of being a problem. */
  readonly growing: boolean;
  /** The content was written before this, where that is known: for formats whose times have no year. */
  readonly modified?: Micros | undefined;
  /** Secrets of TLS sessions that stand beside the evidence, for captures. */
  readonly secrets?: TlsSecrets;
  /** Threads that a source may use for this content; 1 when it is not said. */
  readonly threads?: number;
  /**
   * Where the source may put rows itself, in place of events of them: nobody else wants to see those. It need not; what it gives
   * as events is taken as ever. Not for kinds whose events may get the name of their machine from the case.
   */
  readonly rows?: RowSink;
  /** Takes down where the packets of each connection stand, for captures that can be read at any place. */
  readonly packetIndex?: PacketIndexSink;
  readonly logger: Logger;
}

/**
 * What was read since the batch before. `evidence_id` of the events is set by the case; a source sets `evidence_at`.
 * Aim at 1,000 to 5,000 events a batch.
 */
export interface Batch {
  readonly events: readonly VakthundEvent[];
  readonly problems: readonly Problem[];
  readonly checkpoint: Checkpoint;
}

/** How the packets of connections are written: as pcap, which has one link type, or as pcapng. */
export interface CaptureForm {
  readonly isPcapng: boolean;
  /** Told at the end: so many packets have another link type than the first, and the form has no place for them. */
  leftOut(packets: number): void;
}

/** What a connection in a capture is told by, when its first packet is read. */
export interface FlowFacts {
  readonly uid: string;
  readonly communityId: string;
  readonly transport: string;
  readonly sourceIp: string;
  readonly sourcePort: number;
  readonly destinationIp: string;
  readonly destinationPort: number;
}

/** A file that a content carries inside of what it records, such as a download in a capture. */
export interface CarriedContent {
  readonly event: EventOf<'file_transfer'>;
  readonly bytes: Buffer;
  /** False where bytes are missing, or there are more than were kept. */
  readonly isWhole: boolean;
}

/**
 * How sure `detect` is. `certain` beats `likely`, and both beat `possible`, which readers of any log say; of two that are
 * equally sure the first in the registry wins.
 */
export type Detection = 'certain' | 'likely' | 'possible' | undefined;

/**
 * A native format. Takes bytes and yields batches of events and problems; never touches the store, the clock,
 * the network or a path. Hostile input is the normal case: bounded memory, and one bad record never loses the rest.
 */
export interface Source<Id extends string = string> {
  readonly id: Id;
  readonly title: string;
  /** What it reads, which versions, and what it leaves out: the text of the reference page. */
  readonly description: string;
  readonly references: readonly string[];
  /** Points of the guides that it serves. */
  readonly guide: readonly string[];
  readonly emits: readonly KindId[];
  /**
   * Records are no lines of text: one is shown by what was made of it, and a content that has grown is gone on with from the
   * checkpoint of the last batch, not from the last line.
   */
  readonly isBinary?: true;
  /** It keeps views of what it was given beyond the next piece, so that every piece must be memory of its own. */
  readonly keepsPieces?: true;
  /** A server writes it of what came to itself: where no record names the machine, it is the one of the log's folder. */
  readonly isOwnLog?: true;
  /** Cheap look at the name (as found, with folders and inner names) and up to 64 KiB of decompressed content. Must not throw. */
  detect(name: string, head: Uint8Array): Detection;
  /** A piece of the content is valid until the next is asked for, unless the source keeps pieces. */
  decode(content: AsyncIterable<Uint8Array>, context: DecodeContext): AsyncIterable<Batch>;
  /**
   * Where the store can load the content by columns: how, told from name and head; undefined when this content is
   * not regular enough. Rows must equal those of `decode`; whatever the store finds irregular is given to `decode`.
   */
  bulk?(name: string, head: Uint8Array): BulkPlan | undefined;
  /** For captures: the packets of the connections that `choose` takes, as a capture of its own. */
  extract?(
    content: AsyncIterable<Uint8Array>,
    choose: (flow: FlowFacts) => boolean,
    form?: CaptureForm,
  ): AsyncIterable<Uint8Array>;
  /**
   * The files that the content carries, each when its last byte was seen. `maxBytes` is what is kept of one, and eight times as much of
   * all that are open together; of a file with a hole, what came before it.
   */
  carried?(content: AsyncIterable<Uint8Array>, maxBytes: number): AsyncIterable<CarriedContent>;
  /** The same by an index: the wanted packets of parts of a capture. */
  extractRuns?(runs: Iterable<PacketRun>, form?: CaptureForm): AsyncIterable<Uint8Array>;
  /** For logs of TLS keys: puts their secrets where captures look for them. */
  readSecrets?(content: AsyncIterable<Uint8Array>, into: KeyLog): Promise<void>;
  /** Where rules are written for this format itself: its records with the fields that those rules name. */
  readonly records?: RecordStream;
  /** For sources that are described outside: changes with the description. What an older edition has read is read again. */
  readonly edition?: string;
}

/** Checks a source definition while keeping its literal id. */
export function defineSource<const Id extends string>(source: Source<Id>): Source<Id> {
  return source;
}
