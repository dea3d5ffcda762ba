import { basename, dirname } from 'node:path';
import { interpretField } from '../../../src/collect/sources/auditd/interpret/field.ts';
import { isQuoted, type Fields } from '../../../src/collect/sources/auditd/records/fields.ts';
import { integer, text } from '../../../src/collect/sources/auditd/records/values.ts';
import { key } from '../../../src/collect/sources/auditd/records/keys.ts';
import { numberOfType } from '../../../src/collect/sources/auditd/records/types.ts';
import { syscallName } from '../../../src/collect/linux/syscalls.ts';
import type { Suite, SuiteFailure, SuiteResult, SuiteSkip } from '../suite.ts';
import { fieldsOf, findCases, readCorpusFile, recordsOf, stampText } from './auditd-projections/records.ts';

/**
 * auparse's own test: `auparse_test.ref` prints events record by record and field by field, some with their meaning in
 * parentheses. Records of the logs beside it are read from there, and each field is compared in order. Records whose log
 * is not there (the test keeps some in its program) are put together again from the printed fields and must come apart
 * into the same; of those, what is in parentheses is the proof. A record of which only the heading is printed is held by
 * type and number of fields against the same one printed elsewhere.
 * The search tests of the file (it prints what a query found) are no cases.
 */
const pattern = 'host/auditd/audit-userspace/*.ref';

/** The machine that printed it knew `root` and no other user: `auid=848 (unknown(848))`. */
const names = {
  user: (id: number): string | undefined => (id === 0 ? 'root' : undefined),
  group: (id: number): string | undefined => (id === 0 ? 'root' : undefined),
};

interface Printed {
  readonly type: string;
  readonly number: number;
  readonly count: number;
  readonly stamp: string;
  readonly fields: { readonly name: string; readonly raw: string; readonly meaning: string | undefined }[];
}

/** Reads the blocks `record 1 of type 1006(LOGIN) has 5 fields … event time: S.MS:SERIAL, host=? … key=value (meaning)`. */
function readPrinted(ref: string): Printed[] {
  const printed: Printed[] = [];
  let header: RegExpExecArray | undefined;
  let current: Printed | undefined;
  for (const line of ref.split('\n')) {
    const record = /^ {4}record \d+ of type (\d+)\((\w+)\) has (\d+) fields$/.exec(line);
    const stamp = /^ {4}event time: (\d+\.\d+:\d+), host=/.exec(line);
    const field = /^ {8}([^=]+)=(.*?)(?: \((.*)\))?$/.exec(line);
    if (record !== null) header = record;
    else if (stamp !== null && header !== undefined) {
      const [, number = '', type = '', count = ''] = header;
      current = { type, number: Number(number), count: Number(count), stamp: stamp[1] ?? '', fields: [] };
      printed.push(current);
    } else if (field !== null && current !== undefined) {
      const [, name = '', raw = '', meaning] = field;
      current.fields.push({ name, raw, meaning });
    } else if (line === '') current = undefined;
  }
  return printed;
}

/** Values as auparse prints them: quotes stay, SELinux permissions are joined by a comma. */
function rawText(fields: Fields, index: number): string {
  const raw = fields.rawAt(index);
  if (((fields.marks[index] ?? 0) & isQuoted) !== 0) return `"${raw}"`;
  return fields.keys[index]?.name === 'seperms' ? raw.replaceAll(' ', ',') : raw;
}

/** auparse leaves out the words `old` and `new` that stand before a key. */
function nameText(fields: Fields, index: number): string {
  return (fields.keys[index]?.name ?? '').replace(/^(?:old|new) /, '');
}

function callOf(fields: Fields): string {
  return syscallName(text(fields, key('arch')) ?? '', integer(fields, key('syscall')) ?? -1) ?? '';
}

/** The first difference between a printed record and ours. */
function compare(want: Printed, fields: Fields): { got: string; want: string } | undefined {
  const call = callOf(fields);
  if (numberOfType(fields.type) !== want.number) {
    return { got: String(numberOfType(fields.type)), want: String(want.number) };
  }
  // Its first field is the type, which is no field of the body. Cut blocks (the file ends early) print fewer than they have.
  const [, ...printed] = want.fields;
  const isWhole = want.fields.length === 0 || printed.length === want.count - 1;
  if (isWhole && fields.count !== want.count - 1) {
    return { got: `${fields.count} fields`, want: `${want.count - 1} fields` };
  }
  for (const [index, field] of printed.entries()) {
    const got = `${nameText(fields, index)}=${rawText(fields, index)}`;
    if (got !== `${field.name}=${field.raw}`) return { got, want: `${field.name}=${field.raw}` };
    const meaning = interpretField(fields, index, call, names);
    if (field.meaning !== undefined && meaning !== field.meaning) return { got: meaning, want: field.meaning };
  }
  return undefined;
}

/** `auid=848` followed by `interp auid=unknown(848)`. */
function readInterpretations(ref: string): { readonly field: string; readonly meaning: string }[] {
  return [...ref.matchAll(/^(\w+=\S+)\ninterp \w+=(.+)$/gm)].map(([, field = '', meaning = '']) => ({
    field,
    meaning,
  }));
}

function logsBeside(ref: string): Map<string, Fields[]> {
  const byStamp = new Map<string, Fields[]>();
  for (const path of findCases(dirname(ref), '*.log')) {
    for (const record of recordsOf(readCorpusFile(path))) {
      if (record === null) continue;
      const id = `${record.type.name} ${stampText(record.time)}:${record.serial}`;
      byStamp.set(id, [...(byStamp.get(id) ?? []), fieldsOf(record)]);
    }
  }
  return byStamp;
}

/** A record put together from printed fields. */
function rebuilt(printed: Printed | undefined): Fields | undefined {
  if (printed === undefined) return undefined;
  const body = printed.fields.slice(1).map(({ name, raw }) => `${name}=${raw}`);
  const [record] = recordsOf(Buffer.from(`type=${printed.type} msg=audit(${printed.stamp}): ${body.join(' ')}\n`));
  return record === null || record === undefined ? undefined : fieldsOf(record);
}

const idOf = ({ type, stamp }: Printed): string => `${type} ${stamp}`;

function runRef(path: string): SuiteResult {
  const ref = readCorpusFile(path).toString('utf8');
  const logs = logsBeside(path);
  const failed: SuiteFailure[] = [];
  const used = new Map<string, number>();
  const skips: SuiteSkip[] = [];
  let total = 0;
  for (const [index, { field, meaning }] of readInterpretations(ref).entries()) {
    total++;
    const [record] = recordsOf(Buffer.from(`type=LOGIN msg=audit(1.000:1): ${field}\n`));
    const got = record === null || record === undefined ? '' : interpretField(fieldsOf(record), 0, '', names);
    if (got !== meaning) failed.push({ case: `${basename(path)} interp ${index}`, got, want: meaning });
  }
  const all = readPrinted(ref);
  for (const [index, printed] of all.entries()) {
    total++;
    const id = idOf(printed);
    const known = logs.get(id);
    // The same record is printed by several tests: the n-th of one kind in an event, over and over.
    const turn = used.get(id) ?? 0;
    used.set(id, turn + 1);
    const whole = printed.fields.length > 0 ? printed : all.find((one) => one.fields.length > 0 && idOf(one) === id);
    const fields = known === undefined ? rebuilt(whole) : known[turn % known.length];
    const name = `${basename(path)} record ${index} ${id}`;
    if (fields === undefined) {
      skips.push({ case: name, why: 'only its heading is printed, and the record stands nowhere else' });
      continue;
    }
    const wrong = compare(printed, fields);
    if (wrong !== undefined) failed.push({ case: name, ...wrong });
  }
  const skipped = skips.length;
  return { total, passed: total - skipped - failed.length, skipped, failed, skips };
}

export const suite: Suite = {
  id: 'auditd/audit-userspace',
  run(corpus) {
    const results = findCases(corpus, pattern).map(runRef);
    const sum = (pick: (result: SuiteResult) => number): number => results.reduce((all, one) => all + pick(one), 0);
    return Promise.resolve({
      total: sum((result) => result.total),
      passed: sum((result) => result.passed),
      skipped: sum((result) => result.skipped),
      failed: results.flatMap((result) => result.failed),
      skips: results.flatMap(({ skips = [] }) => skips),
    });
  },
};
