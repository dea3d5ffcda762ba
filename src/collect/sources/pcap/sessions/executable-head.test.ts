import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ExecutableHead } from './executable-head.ts';

/** Headers of a 64-bit program with two sections, laid out as the format says. */
function program(): Buffer {
  const bytes = Buffer.alloc(0x200);
  bytes.write('MZ', 0);
  bytes.writeUInt32LE(0x80, 60);
  bytes.write('PE\0\0', 0x80);
  bytes.writeUInt16LE(0x8664, 0x84);
  bytes.writeUInt16LE(2, 0x86);
  bytes.writeUInt32LE(1_700_000_000, 0x88);
  bytes.writeUInt16LE(240, 0x94);
  bytes.writeUInt16LE(0x22, 0x96);
  const optional = 0x98;
  bytes.writeUInt16LE(0x20b, optional);
  bytes.writeUInt16LE(6, optional + 40);
  bytes.writeUInt16LE(1, optional + 42);
  bytes.writeUInt16LE(3, optional + 68);
  bytes.writeUInt16LE(0x140, optional + 70);
  bytes.writeUInt32LE(16, optional + 108);
  bytes.writeUInt32LE(100, optional + 112 + 8 + 4);
  bytes.writeUInt32LE(28, optional + 112 + 6 * 8 + 4);
  bytes.write('.text', optional + 240);
  bytes.write('.longname', optional + 280);
  return bytes;
}

const told = {
  machine: 'AMD64',
  compile_ts: 1_700_000_000,
  os: 'Windows 7 or Server 2008 R2',
  subsystem: 'WINDOWS_CUI',
  is_exe: true,
  is_64bit: true,
  uses_aslr: true,
  uses_dep: true,
  uses_code_integrity: false,
  uses_seh: true,
  has_export_table: false,
  has_import_table: true,
  has_cert_table: false,
  has_debug_data: true,
  section_names: ['.text', '.longnam'],
};

const factsOf = (...pieces: readonly Uint8Array[]): unknown => {
  const head = new ExecutableHead();
  for (const piece of pieces) head.add(piece);
  return head.facts;
};

test('tells what the headers of a program say, however they are cut', () => {
  const bytes = program();
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 600 }), (size) => {
      const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_none, index) =>
        bytes.subarray(index * size, (index + 1) * size),
      );
      expect(factsOf(...pieces)).toEqual(told);
    }),
    { numRuns: 30 },
  );
});

test('reads no further than the bytes go, and nothing behind a hole', () => {
  const bytes = program();
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 512 }), fc.uint8Array({ maxLength: 60 }), (length, noise) => {
      const odd = Buffer.concat([bytes.subarray(0, length), noise]);
      expect(() => factsOf(odd)).not.toThrow();
    }),
  );
  const head = new ExecutableHead();
  head.add(bytes.subarray(0, 0x98 + 72));
  head.cut();
  head.add(bytes.subarray(0x98 + 72));
  expect(head.facts).toMatchObject({ machine: 'AMD64', subsystem: 'WINDOWS_CUI' });
  expect(head.facts).not.toHaveProperty('section_names');
});

test('tells objects of a compiler from programs, and leaves other files alone', () => {
  const object = program();
  object.writeUInt16LE(0, 0x94);
  object.writeUInt16LE(0x14d, 0x84);
  expect(factsOf(object)).toMatchObject({ machine: 'unknown-333', is_exe: false });
  const old = program();
  old.write('NE', 0x80);
  expect(factsOf(old)).toBeUndefined();
  expect(factsOf(Buffer.from('MZ'))).toBeUndefined();
  expect(ExecutableHead.begins(Buffer.from('PK'))).toBe(false);
  expect(ExecutableHead.begins(Buffer.from('M'))).toBe(true);
});
