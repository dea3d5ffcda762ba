import type { ProblemList } from '../../../base/problem.ts';
import { BlockReader, blockType, processListVersion } from './format/blocks.ts';
import { Cursor } from './format/cursor.ts';
import { readProcesses } from './format/process-list.ts';
import {
  addProcess,
  assignRoles,
  readAccounts,
  readDescriptors,
  readInterfaces,
  readMachine,
} from './format/state-lists.ts';
import { ScapRecord } from './record.ts';
import { StateEngine, tellsAccount } from './state/engine.ts';
import { SystemState } from './state/system.ts';

/**
 * Reads a capture event by event and follows the state of the machine. Feed it chunks; after each, call `next` until it
 * gives undefined. The record is the same object each time.
 */
export class CaptureReader {
  readonly #blocks: BlockReader;
  readonly system = new SystemState();
  readonly #problems: ProblemList;
  readonly #engine = new StateEngine(this.system);
  readonly #record = new ScapRecord();
  #isStarted = false;
  #toldDrops = 0;

  constructor(problems: ProblemList) {
    this.#problems = problems;
    this.#record.system = this.system;
    this.#record.findEnter = (record) => this.#engine.enterOf(record);
    this.#blocks = new BlockReader(problems);
  }

  feed(chunk: Uint8Array): void {
    this.#blocks.feed(chunk);
  }

  /** Offset in the content up to which it was read. */
  get position(): number {
    return this.#blocks.position;
  }

  /** Says that no more bytes come. What is left is looked through for whole blocks: read on until `next` gives none. */
  end(): void {
    this.#blocks.end();
  }

  /** The next event that Falco would show, or of all events when `all` is set; undefined when more bytes are needed. */
  next(all = false): ScapRecord | undefined {
    const blocks = this.#blocks;
    const record = this.#record;
    while (blocks.next()) {
      const isEvent = this.#readBlock();
      if (isEvent && (all || !record.isHidden)) return record;
    }
    return undefined;
  }

  /** Call after the last event. Reports what was cut or went past a bound. */
  finish(): void {
    this.#blocks.finish();
    const { threads, budget } = this.system;
    const dropped = threads.dropped + budget.dropped - this.#toldDrops;
    if (dropped === 0) return;
    this.#toldDrops += dropped;
    this.#problems.add({
      code: 'limit-reached',
      at: { byte: this.#blocks.position },
      message: `${dropped} threads or file descriptors more than are followed at a time; fields of their events are empty`,
    });
  }

  /** True when the block is an event, which is then in the record. */
  #readBlock(): boolean {
    const blocks = this.#blocks;
    switch (blocks.type) {
      case blockType.event2:
      case blockType.largeEvent2:
        return this.#readEvent(0, true);
      case blockType.event:
        return this.#readEvent(0, false);
      case blockType.flaggedEvent2:
      case blockType.flaggedLargeEvent2:
        return this.#readEvent(4, true);
      case blockType.flaggedEvent:
        return this.#readEvent(4, false);
      default:
        this.#readState();
        return false;
    }
  }

  #readEvent(flagBytes: number, hasCount: boolean): boolean {
    if (!this.#isStarted) {
      this.#isStarted = true;
      assignRoles(this.system);
    }
    const blocks = this.#blocks;
    const record = this.#record;
    if (record.bytes !== blocks.bytes) {
      record.bytes = blocks.bytes;
      record.view = blocks.view;
    }
    record.littleEndian = blocks.littleEndian;
    const start = blocks.start + 2 + flagBytes;
    if (start > blocks.bodyEnd || !record.load(start, blocks.bodyEnd, hasCount)) {
      this.#tell(`the event in block ${blocks.number} contradicts itself or has an unknown type; it was skipped`);
      return false;
    }
    if (tellsAccount[record.type.id] !== true) this.#count(record);
    record.cpu = blocks.view.getUint16(blocks.start, blocks.littleEndian);
    record.flags = flagBytes === 0 ? 0 : blocks.view.getUint32(blocks.start + 2, blocks.littleEndian);
    this.#engine.process(record);
    return true;
  }

  /** Times are told from the first event on that has one: events about what was there before may have none. */
  #count(record: ScapRecord): void {
    record.number++;
    if (record.firstHigh !== 0) return;
    record.firstHigh = record.previousHigh = record.timeHigh;
    record.firstLow = record.previousLow = record.timeLow;
  }

  #readState(): void {
    const { number, type } = this.#blocks;
    if (!this.#isReadable()) this.#tell(`block ${number} (type 0x${type.toString(16)}) is cut or damaged`);
  }

  /** Reads a block of state; false when it is damaged. Blocks of unknown types are left alone. */
  #isReadable(): boolean {
    const { system } = this;
    const blocks = this.#blocks;
    const cursor = new Cursor(blocks.bytes, blocks.view, blocks.littleEndian, blocks.start, blocks.bodyEnd);
    const version = processListVersion(blocks.type);
    if (version > 0) return this.#readProcessList(cursor, version);
    switch (blocks.type) {
      case blockType.machine:
        readMachine(cursor, system);
        return !cursor.isCut;
      case blockType.descriptors:
        return readDescriptors(cursor, false, system);
      case blockType.descriptors2:
        return readDescriptors(cursor, true, system);
      case blockType.users:
        return readAccounts(cursor, false, system);
      case blockType.users2:
        return readAccounts(cursor, true, system);
      case blockType.interfaces:
        return readInterfaces(cursor, false, system);
      case blockType.interfaces2:
        return readInterfaces(cursor, true, system);
      default:
        return true;
    }
  }

  #readProcessList(cursor: Cursor, version: number): boolean {
    const processes = readProcesses(cursor, version);
    for (;;) {
      const { done, value } = processes.next();
      if (done === true) return value;
      addProcess(value, this.system);
    }
  }

  #tell(message: string): void {
    this.#problems.add({ code: 'bad-record', at: { byte: this.#blocks.position }, message });
  }
}
