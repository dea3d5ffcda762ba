import { microsPerSecond, type Micros } from '../../../../base/time.ts';
import { key } from '../records/keys.ts';
import { moveOut, type AuditRecord, type Memory } from '../records/record.ts';
import { isSingle } from '../records/types.ts';

/** All records of one audit event, in the order in which they stood. */
export interface AuditEvent {
  readonly time: Micros;
  readonly serial: number;
  readonly node: string | null;
  readonly records: AuditRecord[];
  /** The event was cut into parts because it went past a bound. */
  isCut: boolean;
}

/** Events that may be open at a time: how far records of different events may be mixed. */
const maxOpen = 64;
/** auditd waits two seconds for the end of an event (end_of_event_timeout). */
const maxAgeMicros = 2 * microsPerSecond;
/** Bounds of what an attacker can make us hold: records of one event, and bytes of all open events. */
const maxRecords = 4096;
const maxOpenBytes = 16 * 1024 * 1024;

const eoe = key('EOE');
const proctitle = key('PROCTITLE');
const syscall = key('SYSCALL');
const uringOperation = key('URINGOP');

interface Open {
  readonly event: AuditEvent;
  bytes: number;
  hasCall: boolean;
  /** All that the kernel writes about a system call has come; only records of a patched kernel can still follow. */
  isDone: boolean;
}

/** Identity of an event: machine, time and serial number. */
export function eventId(record: Pick<AuditRecord, 'time' | 'serial' | 'node'>): string {
  return record.node === null ? `${record.time}:${record.serial}` : `${record.time}:${record.serial}:${record.node}`;
}

/**
 * Puts records that belong together into events. Records of up to 64 events may be mixed and in any order.
 * An event ends with its EOE record; with the record of another event after PROCTITLE (auditd does not write EOE to
 * disk); when 64 newer ones are open or the log is two seconds further; or at the end.
 */
export class Assembler {
  /** The event of the record before; nearly always that of the next one too. */
  #current: Open | undefined;
  /** Events that others came between, by their identity. */
  readonly #mixed = new Map<string, Open>();
  #bytes = 0;
  #done: AuditEvent[] = [];
  /** Called with the first record of each event. */
  readonly #onFirst: (record: AuditRecord) => void;

  constructor(onFirst: (record: AuditRecord) => void) {
    this.#onFirst = onFirst;
  }

  add(record: AuditRecord): void {
    const current = this.#current;
    const isSame = current !== undefined && isPartOf(record, current.event);
    const open = isSame ? current : this.#change(record);
    if (open === undefined) return;
    if (record.type === eoe) {
      this.#close(open);
      return;
    }
    const size = record.to - record.from;
    open.event.records.push(record);
    open.bytes += size;
    this.#bytes += size;
    if (record.type === syscall || record.type === uringOperation) open.hasCall = true;
    if (record.type === proctitle && open.hasCall) open.isDone = true;
    if (open.event.records.length >= maxRecords) this.#cut(open);
    else if (this.#bytes > maxOpenBytes) this.#cut(this.#oldest() ?? open);
  }

  /** Events that have ended since the last call. */
  take(): readonly AuditEvent[] {
    if (this.#done.length === 0) return none;
    const done = this.#done;
    this.#done = [];
    return done;
  }

  /** Ends what has all its records, or (at the end of a content that does not grow) everything. */
  finish(options: { readonly all: boolean }): void {
    for (const open of this.#open()) if (options.all || open.isDone) this.#close(open);
  }

  /** Events that have begun and not ended, oldest first. */
  pending(): AuditEvent[] {
    return this.#open().map(({ event }) => event);
  }

  /** Copies the open records out of memory whose owner is about to use it again. */
  detach(memory: Memory): void {
    for (const { event } of this.#open()) {
      for (const record of event.records) if (record.memory === memory) moveOut(record);
    }
  }

  #open(): Open[] {
    const open = [...this.#mixed.values()];
    if (this.#current !== undefined) open.push(this.#current);
    return open;
  }

  #oldest(): Open | undefined {
    return this.#mixed.values().next().value;
  }

  /** The event of a record that does not belong to the current one; undefined when the record needs none. */
  #change(record: AuditRecord): Open | undefined {
    const before = this.#current;
    if (before?.isDone === true) this.#close(before);
    else if (before !== undefined) this.#mixed.set(eventId(before.event), before);
    this.#current = this.#mixed.size === 0 ? undefined : this.#takeMixed(eventId(record));
    if (this.#current !== undefined || record.type === eoe) return this.#current;
    this.#onFirst(record);
    const { time, serial, node } = record;
    const event: AuditEvent = { time, serial, node, records: [], isCut: false };
    if (isSingle(record.type)) {
      event.records.push(record);
      this.#done.push(event);
      return undefined;
    }
    this.#expire(time);
    this.#current = { event, bytes: 0, hasCall: false, isDone: false };
    return this.#current;
  }

  #takeMixed(id: string): Open | undefined {
    const open = this.#mixed.get(id);
    if (open !== undefined) this.#mixed.delete(id);
    return open;
  }

  /** Each by its own time: one that stands before another must not keep it open, or going on from a checkpoint would end it earlier. */
  #expire(now: Micros): void {
    for (const open of this.#mixed.values()) {
      if (this.#mixed.size >= maxOpen || now - open.event.time > maxAgeMicros) this.#close(open);
    }
  }

  #cut(open: Open): void {
    open.event.isCut = true;
    this.#close(open);
  }

  #close(open: Open): void {
    if (this.#current === open) this.#current = undefined;
    else this.#mixed.delete(eventId(open.event));
    this.#bytes -= open.bytes;
    this.#done.push(open.event);
  }
}

const none: readonly AuditEvent[] = [];

function isPartOf(record: AuditRecord, event: AuditEvent): boolean {
  return record.serial === event.serial && record.time === event.time && record.node === event.node;
}
