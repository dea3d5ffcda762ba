import type { Problem } from '../../../../base/problem.ts';
import type { AuditEvent } from '../assembly/assembler.ts';
import { Fields } from '../records/fields.ts';
import { key, KeySet, type Key } from '../records/keys.ts';
import { text } from '../records/values.ts';
import { readArguments } from './arguments.ts';

const syscallType = key('SYSCALL');
const uringType = key('URINGOP');
const pathType = key('PATH');
const cwdType = key('CWD');
const execveType = key('EXECVE');
const proctitleType = key('PROCTITLE');
const containerType = key('CONTAINER_ID');
const cwdKey = key('cwd');
/** Other records that describe the call. */
const companions = new KeySet(
  'SOCKADDR SOCKETCALL OBJ_PID BPRM_FCAPS CAPSET MMAP FD_PAIR IPC IPC_SET_PERM MQ_OPEN MQ_SENDRECV MQ_NOTIFY ' +
    'MQ_GETSETATTR OPENAT2 KERN_MODULE AVC_PATH MAC_TASK_CONTEXTS MAC_OBJ_CONTEXTS EOE',
);

/** An audit event with its records cut into fields. Valid until the reader is given the next event. */
export interface EventView {
  readonly event: AuditEvent;
  /** All records, in the order in which they stood. */
  readonly records: readonly Fields[];
  readonly call: Fields | undefined;
  readonly paths: readonly Fields[];
  readonly proctitle: Fields | undefined;
  /** The CONTAINER_ID record of patched kernels. */
  readonly container: Fields | undefined;
  /** Records that do not only describe the system call beside them. */
  readonly own: readonly Fields[];
  readonly cwd: string | null;
  /** Arguments of an `execve`, whole. */
  readonly args: readonly string[] | null;
  /** What was wrong with it. */
  readonly problems: Problem[];
}

/** Objects that are kept for the next event. */
const keptFields = 256;

/** Cuts events into fields, with memory that is used again from event to event. */
export class EventReader {
  readonly #pool: Fields[] = [];

  read(event: AuditEvent): EventView {
    const view: Draft = {
      event,
      records: [],
      call: undefined,
      paths: [],
      proctitle: undefined,
      container: undefined,
      own: [],
      cwd: null,
      args: null,
      problems: [],
    };
    const execve: Fields[] = [];
    // Records with very many fields leave large objects behind.
    if (this.#pool.length > keptFields) this.#pool.length = keptFields;
    for (let index = 0; index < event.records.length; index++) {
      const record = event.records[index];
      if (record === undefined) continue;
      const fields = this.#fields(index);
      fields.read(record);
      view.records.push(fields);
      if (fields.type === execveType) execve.push(fields);
      else sort(view, fields);
    }
    const line = event.records[0]?.line;
    const at = line === undefined ? {} : { line };
    if (event.isCut) {
      const message = `the event ${event.serial} was ended early: it has too many records, or those of open events take too much memory`;
      view.problems.push({ code: 'limit-reached', at, message });
    }
    if (view.records.some((fields) => fields.isCut)) {
      view.problems.push({
        code: 'limit-reached',
        at,
        message: `a record of event ${event.serial} has too many fields`,
      });
    }
    if (execve.length > 0) view.args = readArguments(execve, at, view.problems);
    return view;
  }

  #fields(index: number): Fields {
    const known = this.#pool[index];
    if (known !== undefined) return known;
    const created = new Fields();
    this.#pool.push(created);
    return created;
  }
}

type Draft = {
  -readonly [Name in keyof EventView]: EventView[Name] extends readonly Fields[] ? Fields[] : EventView[Name];
};

function sort(view: Draft, fields: Fields): void {
  const { type } = fields;
  if (type === pathType) view.paths.push(fields);
  else if (type === syscallType || type === uringType) view.call ??= fields;
  else if (type === cwdType) view.cwd ??= text(fields, cwdKey);
  else if (type === proctitleType) view.proctitle ??= fields;
  else if (type === containerType) view.container ??= fields;
  else if (!companions.has(type)) view.own.push(fields);
}

/** The first record of a type. */
export function recordOf(view: EventView, type: Key): Fields | undefined {
  return view.records.find((fields) => fields.type === type);
}
