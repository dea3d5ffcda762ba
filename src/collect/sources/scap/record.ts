import { anyDescriptor, eventFlag, eventTypes, syscallName, type EventType } from './format/event-table.ts';
import { readInt64 } from './format/cursor.ts';
import type { Descriptor } from './state/descriptor.ts';
import { SystemState } from './state/system.ts';
import type { Thread } from './state/thread.ts';

/** Parameters that are read; no event of the table has more. */
const maxParameters = 64;
const noType: EventType = eventTypes[0] ?? failNoTable();

function failNoTable(): never {
  throw new Error('the event table is empty');
}

/**
 * One event of a capture, as a view over the bytes of its block: the same object is loaded again for the next event.
 * Parameters are read when they are asked for. Where a parameter is missing or too short, numbers are NaN, texts undefined.
 */
export class ScapRecord {
  /** `evt.num`: number of the event in the capture, from 1; events that are not shown count. */
  number = 0;
  type: EventType = noType;
  cpu = 0;
  /** Time, ns since 1970, in two halves of 32 bits. */
  timeHigh = 0;
  timeLow = 0;
  tid = 0;
  /** Flags of the block that says them, else 0. */
  flags = 0;
  parameterCount = 0;
  thread: Thread | undefined;
  /** The machine as it is at this event. */
  system = new SystemState();
  descriptor: Descriptor | undefined;
  /** Name of the descriptor before the event. */
  oldName = '';
  /** User id of the process before the event; undefined when it was not known. */
  uidBefore: number | undefined;
  /** The call began with the enter event that its thread saw last. */
  isReturn = false;
  /** Times of the first event of the capture and of the one before this. */
  firstHigh = 0;
  firstLow = 0;
  previousHigh = 0;
  previousLow = 0;
  /** The event is bookkeeping of the capture, which Falco and sysdig do not show. */
  isHidden = false;
  bytes: Buffer = Buffer.alloc(0);
  view: DataView = new DataView(new ArrayBuffer(0));
  littleEndian = true;
  /** The event says how many parameters it has; old ones do not. */
  hasCount = true;
  /** Where the event begins, and how long it is with its header. */
  start = 0;
  length = 0;
  readonly #offsets = new Int32Array(maxParameters);
  readonly #lengths = new Int32Array(maxParameters);

  /** Takes the event that begins at `start`; false when it contradicts itself or has an unknown type. */
  load(start: number, end: number, hasCount: boolean): boolean {
    const { view, littleEndian } = this;
    const header = hasCount ? 26 : 22;
    if (end - start < header) return false;
    const length = view.getUint32(start + 16, littleEndian);
    const type = eventTypes[view.getUint16(start + 20, littleEndian)];
    if (type === undefined || length < header || length > end - start) return false;
    this.start = start;
    this.hasCount = hasCount;
    this.previousLow = this.timeLow;
    this.previousHigh = this.timeHigh;
    this.timeLow = view.getUint32(littleEndian ? start : start + 4, littleEndian);
    this.timeHigh = view.getUint32(littleEndian ? start + 4 : start, littleEndian);
    this.tid = readInt64(view, start + 8, littleEndian);
    this.type = type;
    this.length = length;
    const payload = start + header;
    const width = (type.flags & eventFlag.large) !== 0 ? 4 : 2;
    if (!hasCount) return this.#countParameters(payload, start + length, width);
    const count = view.getUint32(start + 22, littleEndian);
    if (count > maxParameters) return false;
    return this.#placeParameters(payload, start + length, width, count) === 0;
  }

  /** Old events do not say how many parameters they have: as many of the table's as fill the event. */
  #countParameters(from: number, to: number, width: number): boolean {
    for (let count = this.type.parameters.length; count >= 0; count--) {
      if (this.#placeParameters(from, to, width, count) === 0) return true;
    }
    return false;
  }

  /** Bytes that are left over after `count` parameters; below 0 when they do not fit. */
  #placeParameters(from: number, to: number, width: number, count: number): number {
    let at = from + count * width;
    if (at > to) return -1;
    for (let index = 0; index < count; index++) {
      const place = from + index * width;
      const length =
        width === 2 ? this.view.getUint16(place, this.littleEndian) : this.view.getUint32(place, this.littleEndian);
      this.#offsets[index] = at;
      this.#lengths[index] = length;
      at += length;
      if (at > to) return -1;
    }
    this.parameterCount = count;
    return to - at;
  }

  /** The enter event of a call that has returned, where it is kept. Valid until the next one is asked for. */
  get enter(): ScapRecord | undefined {
    return this.type.isEnter ? undefined : this.findEnter(this);
  }
  findEnter: (record: ScapRecord) => ScapRecord | undefined = () => undefined;

  /** Sets the descriptor that the event is about, as it is before the event. */
  setDescriptor(descriptor: Descriptor | undefined): void {
    this.descriptor = descriptor;
    this.oldName = descriptor === undefined ? '' : descriptor.name;
  }

  /** Name of the event; of a call without an event of its own, the name of that call. */
  get name(): string {
    return this.type.id < 2 ? (syscallName(this.number16(0)) ?? 'unknown') : this.type.name;
  }

  get touchesDescriptors(): boolean {
    return (this.type.flags & anyDescriptor) !== 0;
  }

  /** Length of a parameter in bytes; 0 also for one that is missing. */
  lengthOf(index: number): number {
    return index < this.parameterCount ? (this.#lengths[index] ?? 0) : 0;
  }

  offsetOf(index: number): number {
    return this.#offsets[index] ?? 0;
  }

  /** A signed number of any width. Of 64 bits it is exact up to 2^53. */
  int(index: number): number {
    const at = this.offsetOf(index);
    switch (this.lengthOf(index)) {
      case 1:
        return this.view.getInt8(at);
      case 2:
        return this.view.getInt16(at, this.littleEndian);
      case 4:
        return this.view.getInt32(at, this.littleEndian);
      case 8:
        return readInt64(this.view, at, this.littleEndian);
      default:
        return Number.NaN;
    }
  }

  /** A file descriptor; -1 when there is none. */
  fd(index: number): number {
    const fd = this.int(index);
    return Number.isNaN(fd) ? -1 : fd;
  }

  /** An unsigned number of at most 32 bits. */
  uint(index: number): number {
    const at = this.offsetOf(index);
    switch (this.lengthOf(index)) {
      case 1:
        return this.view.getUint8(at);
      case 2:
        return this.view.getUint16(at, this.littleEndian);
      case 4:
        return this.view.getUint32(at, this.littleEndian);
      default:
        return Number.NaN;
    }
  }

  number16(index: number): number {
    return this.lengthOf(index) === 2 ? this.view.getUint16(this.offsetOf(index), this.littleEndian) : -1;
  }

  big(index: number): bigint {
    return this.lengthOf(index) === 8 ? this.view.getBigUint64(this.offsetOf(index), this.littleEndian) : 0n;
  }

  /** Text up to its NUL; undefined when the parameter has no value. */
  text(index: number): string | undefined {
    const length = this.lengthOf(index);
    if (length === 0) return undefined;
    const at = this.offsetOf(index);
    const end = this.bytes.indexOf(0, at);
    return this.bytes.toString('utf8', at, end < 0 || end > at + length ? at + length : end);
  }

  /** Texts that each end with NUL, the last one perhaps not. */
  texts(index: number): string[] {
    const parts = this.bytes
      .toString('utf8', this.offsetOf(index), this.offsetOf(index) + this.lengthOf(index))
      .split('\0');
    if (parts.at(-1) === '') parts.pop();
    return parts;
  }

  /** The bytes of a parameter, as they lie in the buffer. */
  data(index: number): Buffer {
    const at = this.offsetOf(index);
    return this.bytes.subarray(at, at + this.lengthOf(index));
  }

  /** Runs `work` with the first bytes of a parameter left out. */
  narrow(index: number, bytes: number, work: () => void): void {
    const [offset, length] = [this.offsetOf(index), this.lengthOf(index)];
    this.#offsets[index] = offset + bytes;
    this.#lengths[index] = Math.max(0, length - bytes);
    work();
    this.#offsets[index] = offset;
    this.#lengths[index] = length;
  }

  byteAt(index: number, at: number): number {
    return at < this.lengthOf(index) ? (this.bytes[this.offsetOf(index) + at] ?? 0) : 0;
  }

  /** Position of a parameter by name among those that are there; -1 for none. */
  indexOf(name: string): number {
    const { parameters } = this.type;
    for (let index = 0; index < parameters.length; index++) {
      if (parameters[index]?.name === name) return index < this.parameterCount ? index : -1;
    }
    return -1;
  }
}
