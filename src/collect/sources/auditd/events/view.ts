import type { Problem } from '../../../../base/problem.ts';
import type { AuditEvent } from '../assembly/assembler.ts';
import { Fields } from '../records/fields.ts';
import { key, type Key } from '../records/keys.ts';
import { text } from '../records/values.ts';
import { readArguments } from './arguments.ts';

const syscallType = key('SYSCALL');
const uringType = key('URINGOP');
const pathType = key('PATH');
const cwdType = key('CWD');
const execveType = key('EXECVE');
const proctitleType = key('PROCTITLE');
const cwdKey = key('cwd');

/** An audit event with its records cut into fields. Valid until the reader is given the next event. */
export interface EventView {
  readonly event: AuditEvent;
  /** All records, in the order in which they stood. */
  readonly records: readonly Fields[];
  readonly call: Fields | undefined;
  readonly paths: readonly Fields[];
  readonly proctitle: Fields | undefined;
  readonly cwd: string | null;
  /** Arguments of an `execve`, whole. */
  readonly args: readonly string[] | null;
  /** What was wrong with it. */
  readonly problems: Problem[];
}

/** Cuts events into fields, with memory that is used again from event to event. */
export class EventReader {
  readonly #pool: Fields[] = [];

  read(event: AuditEvent): EventView {
    const records: Fields[] = [];
    const paths: Fields[] = [];
    const execve: Fields[] = [];
    let call: Fields | undefined;
    let proctitle: Fields | undefined;
    let cwd: string | null = null;
    for (let index = 0; index < event.records.length; index++) {
      const record = event.records[index];
      if (record === undefined) continue;
      const fields = this.#fields(index);
      fields.read(record);
      records.push(fields);
      if (fields.type === pathType) paths.push(fields);
      else if (fields.type === syscallType || fields.type === uringType) call ??= fields;
      else if (fields.type === cwdType) cwd ??= text(fields, cwdKey);
      else if (fields.type === proctitleType) proctitle ??= fields;
      else if (fields.type === execveType) execve.push(fields);
    }
    const problems: Problem[] = [];
    const line = event.records[0]?.line;
    const at = line === undefined ? {} : { line };
    if (event.isCut) {
      const message = `the event ${event.serial} has too many records; it was cut into parts`;
      problems.push({ code: 'limit-reached', at, message });
    }
    const args = execve.length === 0 ? null : readArguments(execve, at, problems);
    return { event, records, call, paths, proctitle, cwd, args, problems };
  }

  #fields(index: number): Fields {
    const known = this.#pool[index];
    if (known !== undefined) return known;
    const created = new Fields();
    this.#pool.push(created);
    return created;
  }
}

/** The first record of a type. */
export function recordOf(view: EventView, type: Key): Fields | undefined {
  return view.records.find((fields) => fields.type === type);
}
