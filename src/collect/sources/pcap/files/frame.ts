/** A captured frame. One object is used again for every record of a file: read it during the call, keep nothing of it. */
export class Frame {
  bytes: Uint8Array = new Uint8Array(0);
  view: DataView = new DataView(new ArrayBuffer(0));
  /** Offset of the frame in `bytes`, and of its end as far as it was captured. */
  start = 0;
  end = 0;
  /** Length on the wire: larger than `end - start` where the snapshot length cut it. */
  wireBytes = 0;
  /** µs UTC. Nanoseconds are cut. */
  time = 0;
  /** Offset of its record in the file. */
  fileAt = 0;
  /** LINKTYPE_ value of libpcap. */
  linkType = 0;
}

/** What reading a capture file gives, in the order of the file. */
export interface FrameSink {
  frame(frame: Frame): void;
  /** TLS key log lines that a pcapng file carries (Decryption Secrets Block). */
  secrets(text: string): void;
  /** Something that is wrong with the file itself; `byte` is the offset in the file. */
  problem(problem: FileProblem, byte: number): void;
}

export interface FileProblem {
  readonly code: 'bad-record' | 'bad-header' | 'truncated' | 'record-too-long' | 'unsupported' | 'events-lost';
  readonly message: string;
  readonly count?: number;
}

/** Reads the records of one file format from a window of bytes. */
export interface RecordReader {
  /**
   * Reads whole records from `start` on and returns the offset of the first byte that it did not use. It sets `wanted` to the
   * number of bytes from there that it needs to go on. `fileOffset` is the offset in the file of `bytes[0]`.
   */
  read(bytes: Uint8Array, view: DataView, start: number, end: number, fileOffset: number): number;
  /** At least 1 and at most `maxWantedBytes`. */
  readonly wanted: number;
  /** Bytes after the used ones that belong to nothing and can be skipped without being seen. */
  skip: number;
  /** Enough to go on from a record's start in a later reading. */
  state(): string;
}

/** Largest packet that is taken for real: Linux hands over aggregated packets beyond 64 KiB, and libpcap stops at 256 KiB. */
export const maxFrameBytes = 1 << 20;
/** Largest window that a reader may ask for: a record and the header after it. */
export const maxWantedBytes = maxFrameBytes + 4096;
