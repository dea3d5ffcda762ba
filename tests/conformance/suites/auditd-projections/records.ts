import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { Assembler, type AuditEvent } from '../../../../src/collect/sources/auditd/assembly/assembler.ts';
import { Fields } from '../../../../src/collect/sources/auditd/records/fields.ts';
import { readRecord, type AuditRecord } from '../../../../src/collect/sources/auditd/records/record.ts';

/** Bytes of a corpus file, decompressed when its name ends in `.gz`. */
export function readCorpusFile(path: string): Buffer {
  const bytes = readFileSync(path);
  return path.endsWith('.gz') ? gunzipSync(bytes) : bytes;
}

/** Paths below the corpus that a pattern finds, in order. */
export function findCases(corpus: string, pattern: string): string[] {
  return existsSync(corpus)
    ? globSync(pattern, { cwd: corpus })
        .sort()
        .map((name) => join(corpus, name))
    : [];
}

/** Each line of a log as a record; null for a line that is none. Blank lines and comments are left out. */
export function recordsOf(bytes: Buffer): (AuditRecord | null)[] {
  const memory = { bytes, text: bytes.toString('latin1') };
  const records: (AuditRecord | null)[] = [];
  let from = 0;
  for (let line = 1; from < bytes.length; line++) {
    const found = bytes.indexOf(0x0a, from);
    const end = found < 0 ? bytes.length : found;
    const record = readRecord(memory, from, end, line, from);
    if (record !== 'nothing') records.push(typeof record === 'string' ? null : record);
    from = end + 1;
  }
  return records;
}

export function fieldsOf(record: AuditRecord): Fields {
  const fields = new Fields();
  fields.read(record);
  return fields;
}

/** Records put together as the source does, in the order in which the events end. */
export function eventsOf(records: readonly (AuditRecord | null)[]): AuditEvent[] {
  const assembler = new Assembler(() => undefined);
  for (const record of records) if (record !== null) assembler.add(record);
  assembler.finish({ all: true });
  return [...assembler.take()];
}

/** `1170021493.977` as the log writes it. */
export function stampText(time: number): string {
  return `${Math.floor(time / 1e6)}.${String(Math.floor((time % 1e6) / 1000)).padStart(3, '0')}`;
}
