import { isUtf8 } from 'node:buffer';
import type { RawEntry } from './journal-file.ts';

const newline = Buffer.from('\n');

/** The entry in the export format of systemd (`journalctl -o export`), with the empty line that ends it. */
export function exportText(entry: RawEntry, sequenceId: string): Buffer {
  const { sequence, realtime, monotonic, bootId, hash } = entry;
  const hex = (value: bigint): string => value.toString(16);
  const cursor = `s=${sequenceId};i=${hex(sequence)};b=${bootId};m=${hex(monotonic)};t=${hex(realtime)};x=${hex(hash)}`;
  const head = [
    `__CURSOR=${cursor}`,
    `__REALTIME_TIMESTAMP=${realtime}`,
    `__MONOTONIC_TIMESTAMP=${monotonic}`,
    `_BOOT_ID=${bootId}`,
    '',
  ].join('\n');
  const lines = entry.fields.filter((field) => !field.subarray(0, 9).equals(ownBootId)).flatMap(lineOf);
  return Buffer.concat([Buffer.from(head), ...lines, newline]);
}

const ownBootId = Buffer.from('_BOOT_ID=');

/** `NAME=value` on a line; a value that has line ends or is no text stands behind its length. */
function lineOf(field: Buffer): Buffer[] {
  if (!field.includes(10) && isUtf8(field)) return [field, newline];
  const equals = field.indexOf(61);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(field.length - equals - 1));
  return [field.subarray(0, equals), newline, length, field.subarray(equals + 1), newline];
}
