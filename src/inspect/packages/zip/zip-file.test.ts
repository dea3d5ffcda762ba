import { describe, expect, it } from 'vitest';
import { zipOf } from '../../../../tests/support/zip.ts';
import { bufferSource } from './tree-zip.ts';
import { ZipFile } from './zip-file.ts';

const endBytes = 22;

/** With the end record of ZIP64 and its locator before the old record, which keeps size and offset but not the count. */
function withEnd64(zip: Buffer, offset = zip.readUInt32LE(zip.length - 6)): Buffer {
  const old = Buffer.from(zip.subarray(zip.length - endBytes));
  const record = Buffer.alloc(56);
  record.write('PK\u0006\u0006', 'latin1');
  record.writeBigUInt64LE(44n, 4);
  record.writeBigUInt64LE(BigInt(old.readUInt32LE(12)), 40);
  record.writeBigUInt64LE(BigInt(offset), 48);
  const locator = Buffer.alloc(20);
  locator.write('PK\u0006\u0007', 'latin1');
  locator.writeBigUInt64LE(BigInt(zip.length - endBytes), 8);
  old.writeUInt16LE(0xff_ff, 8);
  old.writeUInt16LE(0xff_ff, 10);
  return Buffer.concat([zip.subarray(0, zip.length - endBytes), record, locator, old]);
}

function namesIn(zip: Buffer): readonly string[] | string {
  const file = ZipFile.open(bufferSource(zip));
  return typeof file === 'string' ? file : file.members.map(({ name }) => name);
}

describe('a ZIP archive with an end record in 64 bits', () => {
  const zip = zipOf({ 'a.txt': 'a', 'b.txt': 'b' });

  it('is read when only the number of members needs it, as Java and Python write more than 65,535', () => {
    expect(namesIn(withEnd64(zip))).toEqual(['a.txt', 'b.txt']);
  });

  it('is read behind a script that starts it', () => {
    const script = Buffer.from('#!/bin/sh\n');
    expect(namesIn(Buffer.concat([script, withEnd64(zip)]))).toEqual(['a.txt', 'b.txt']);
  });

  it('has no directory when the record says that it is elsewhere', () => {
    expect(namesIn(withEnd64(zip, zip.length))).toBe('it has no directory');
  });
});
