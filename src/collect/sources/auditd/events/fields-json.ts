import { quote } from '../../../../base/problem.ts';
import { argumentsOf, meaningOfArgument } from '../interpret/call-arguments.ts';
import type { Fields } from '../records/fields.ts';
import { key, KeySet, looseKey, type Key } from '../records/keys.ts';
import { integerAt, isNone, text, textAt } from '../records/values.ts';
import type { Call } from './call.ts';
import type { MapContext } from './context.ts';

const pathType = key('PATH');
const serialKey = key('serial');
const callKey = key('syscall');
const textKey = key('text');
const titleKey = key('proctitle');
const givenKey = key('path');
const nameKey = key('name');

/** Fields of SYSCALL that have a column in every kind; ARCH and SYSCALL follow from `arch` and `syscall`. */
const takenOfCall = new KeySet('pid ppid comm exe tty euid auid ses key success syscall AUID EUID ARCH SYSCALL');
const takenOfPath = new KeySet('name inode dev mode ouid ogid');
const takenOfPathButName = new KeySet('inode dev mode ouid ogid');
const nothing = new KeySet('');
/** Records whose content stands in columns, or that are written in their own way. */
const elsewhere = new KeySet('PATH CWD EXECVE PROCTITLE');
/** Records in which the kernel writes each field once. */
const fixed = new KeySet('SYSCALL PATH');
/** Columns that hold numbers: a value that is none stays in `fields`. */
const numeric = new KeySet('pid ppid euid auid ouid ogid');
/** Words that say no more than the record type. */
const plainWords: ReadonlySet<string> = new Set(['user', 'login', 'tty', 'avc: for', 'netlabel:']);

export interface FieldsPlan {
  /** The record whose fields stand at the top; all others stand under their type. */
  readonly main: Fields;
  /** Its fields that have a column, when it is not the SYSCALL record. */
  readonly taken?: KeySet;
  /** The PATH record that a file event is about, and whether its name as logged differs from the column. */
  readonly path?: Fields | undefined;
  readonly keepName?: boolean;
  /** Only the first event of an audit event carries the records that none of them is about. */
  readonly withOthers: boolean;
  /** The title of the process where it is not the beginning of the command line. */
  readonly title: string | null;
}

/** What of an audit event has no column, as JSON. */
export function fieldsJson(context: MapContext, plan: FieldsPlan): string | null {
  const { writer, view, call } = context;
  writer.start();
  writer.number(serialKey, view.event.serial);
  if (call !== undefined && plan.main === call.fields) writeCall(context, call);
  else writeRecord(context, plan.main, plan.taken ?? nothing);
  if (plan.title !== null) writer.text(titleKey, plan.title);
  if (call !== undefined && plan.main === call.fields) {
    for (const [name, value] of context.remembered) writer.text(name, value);
  }
  writeDetour(context, plan);
  if (plan.withOthers) writeOthers(context, plan);
  else if (plan.path !== undefined) writePaths(context, [plan.path], plan);
  return writer.finish();
}

/** The path as the call was given it, where that leads out of folders: the column has it without. */
function writeDetour({ writer }: MapContext, { path, keepName }: FieldsPlan): void {
  const given = keepName === true && path !== undefined ? text(path, nameKey) : null;
  if (given?.includes('../') === true) writer.text(givenKey, given);
}

/** The fields of the system call, with its arguments once more in words where those say more than the number. */
function writeCall(context: MapContext, call: Call): void {
  const { writer } = context;
  writer.text(callKey, call.name);
  writeRecord(context, call.fields, takenOfCall);
  for (const argument of argumentsOf(call.name)) {
    const meaning = meaningOfArgument(call.fields, argument);
    if (meaning !== undefined) writer.text(argument.key, meaning);
  }
}

function writeOthers(context: MapContext, plan: FieldsPlan): void {
  const { view } = context;
  if (view.paths.length > 0 && plan.main.type !== pathType) writePaths(context, view.paths, plan);
  const others = view.records.filter((fields) => fields !== plan.main && !elsewhere.has(fields.type));
  for (const [index, { type }] of others.entries()) {
    if (others.findIndex((other) => other.type === type) !== index) continue;
    writeAlike(
      context,
      others.filter((other) => other.type === type),
    );
  }
}

/** Records of one type: an object for one, a list for several. */
function writeAlike(context: MapContext, records: readonly Fields[]): void {
  const { writer, call } = context;
  const [first] = records;
  if (first === undefined) return;
  const isList = records.length > 1;
  if (isList) writer.openList(first.type);
  for (const record of records) {
    writer.openObject(isList ? undefined : first.type);
    if (record === call?.fields) writeCall(context, call);
    else writeRecord(context, record, nothing);
    writer.closeObject();
  }
  if (isList) writer.closeList();
}

function writePaths(context: MapContext, paths: readonly Fields[], plan: FieldsPlan): void {
  const { writer } = context;
  writer.openList(pathType);
  for (const path of paths) {
    writer.openObject();
    if (path !== plan.path) writeRecord(context, path, nothing);
    else writeRecord(context, path, plan.keepName === true ? takenOfPathButName : takenOfPath);
    writer.closeObject();
  }
  writer.closeList();
}

let pass = 0;

/** All fields of a record but those with a column. A name that comes again gets a number: `uid`, `uid_2`, `uid_3`. */
function writeRecord(context: MapContext, fields: Fields, taken: KeySet): void {
  const { writer } = context;
  pass++;
  for (let index = 0; index < fields.count; index++) {
    const name = fields.keys[index];
    if (name === undefined) continue;
    if (name.pass === pass) {
      name.times++;
      if (fixed.has(fields.type) && name.times === 2) reportAgain(context, name);
      writer.text(looseKey(`${name.name}_${name.times}`), textAt(fields, index));
      continue;
    }
    name.pass = pass;
    name.times = 1;
    if (!taken.has(name) || isBadNumber(context, fields, index, name)) writer.field(fields, index);
  }
  if (fields.words !== '' && !plainWords.has(fields.words)) writer.text(textKey, fields.words);
}

function reportAgain({ view, problems }: MapContext, name: Key): void {
  const line = view.event.records[0]?.line;
  const message = `${quote(name.name)} stands more than once in a record; the first value counts, the others are kept in fields`;
  problems.push({ code: 'duplicate-key', at: line === undefined ? {} : { line }, message });
}

function isBadNumber(context: MapContext, fields: Fields, index: number, name: Key): boolean {
  if (!numeric.has(name) || integerAt(fields, index) !== null || isNone(fields, index)) return false;
  const line = context.view.event.records[0]?.line;
  context.problems.push({
    code: 'bad-value',
    at: line === undefined ? {} : { line },
    message: `${name.name}=${quote(fields.rawAt(index))} is no number`,
  });
  return true;
}
