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
const maxOpenBytes = 32 * 1024 * 1024;

const eoe = key('EOE');
const proctitle = key('PROCTITLE');
const syscall = key('SYSCALL');
const uringOperation = key('URINGOP');

interface Open {
  readonly id: string;
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
  readonly #open = new Map<string, Open>();
  #last: Open | undefined;
  #bytes = 0;
  #done: AuditEvent[] = [];
  /** Called with the first record of each event. */
  readonly #onFirst: (record: AuditRecord) => void;

  constructor(onFirst: (record: AuditRecord) => void) {
    this.#onFirst = onFirst;
  }

  add(record: AuditRecord): void {
    let open = this.#last;
    if (open === undefined || !isPartOf(record, open.event)) {
      if (open?.isDone === true) this.#close(open);
      open = this.#find(record);
      if (open === undefined) return;
    }
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
    if (open.event.records.length >= maxRecords || this.#bytes > maxOpenBytes) this.#relieve(open);
  }

  /** Events that have ended since the last call. */
  take(): AuditEvent[] {
    const done = this.#done;
    if (done.length > 0) this.#done = [];
    return done;
  }

  /** Ends what has all its records, or (at the end of a content that does not grow) everything. */
  finish(options: { readonly all: boolean }): void {
    for (const open of this.#open.values()) if (options.all || open.isDone) this.#close(open);
  }

  /** Open events with the place of their first record, oldest first. */
  pending(): { readonly id: string; readonly first: AuditRecord }[] {
    const pending = [];
    for (const { id, event } of this.#open.values()) {
      const first = event.records[0];
      if (first !== undefined) pending.push({ id, first });
    }
    return pending;
  }

  /** Copies the open records out of memory whose owner is about to use it again. */
  detach(memory: Memory): void {
    for (const { event } of this.#open.values()) {
      for (const record of event.records) if (record.memory === memory) moveOut(record);
    }
  }

  #find(record: AuditRecord): Open | undefined {
    const id = eventId(record);
    const known = this.#open.get(id);
    if (known !== undefined) {
      this.#last = known;
      return known;
    }
    if (record.type === eoe) return undefined;
    this.#onFirst(record);
    const { time, serial, node } = record;
    const event: AuditEvent = { time, serial, node, records: [], isCut: false };
    if (isSingle(record.type)) {
      event.records.push(record);
      this.#done.push(event);
      return undefined;
    }
    this.#expire(time);
    const open: Open = { id, event, bytes: 0, hasCall: false, isDone: false };
    this.#open.set(id, open);
    this.#last = open;
    return open;
  }

  #expire(now: Micros): void {
    for (const open of this.#open.values()) {
      if (this.#open.size < maxOpen && now - open.event.time <= maxAgeMicros) return;
      this.#close(open);
    }
  }

  #relieve(current: Open): void {
    const oldest = this.#open.values().next().value ?? current;
    const open = current.event.records.length >= maxRecords ? current : oldest;
    open.event.isCut = true;
    this.#close(open);
  }

  #close(open: Open): void {
    if (this.#last === open) this.#last = undefined;
    this.#open.delete(open.id);
    this.#bytes -= open.bytes;
    this.#done.push(open.event);
  }
}

function isPartOf(record: AuditRecord, event: AuditEvent): boolean {
  return record.serial === event.serial && record.time === event.time && record.node === event.node;
}
