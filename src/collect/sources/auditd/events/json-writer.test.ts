import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Fields } from '../records/fields.ts';
import { looseKey } from '../records/keys.ts';
import { readRecord } from '../records/record.ts';
import { textAt } from '../records/values.ts';
import { JsonWriter } from './json-writer.ts';

describe('the JSON writer', () => {
  it('writes what JSON.parse reads back, for any text', () => {
    const writer = new JsonWriter();
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }))), (members) => {
        const wellFormed = members.filter(([name, value]) => name.isWellFormed() && value.isWellFormed());
        writer.start();
        for (const [name, value] of wellFormed) writer.text(looseKey(name), value);
        const want = wellFormed.length === 0 ? null : JSON.stringify(wellFormed.map(([name, value]) => [name, value]));
        const got = writer.finish();
        const entries =
          got === null ? null : [...got.matchAll(/"(?:[^"\\]|\\.)*"/gs)].map(([text]) => JSON.parse(text) as string);
        expect(entries).toEqual(want === null ? null : wellFormed.flat());
      }),
    );
  });

  it('writes the values of a record as they are read, for any bytes', () => {
    const writer = new JsonWriter();
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (noise) => {
        const bytes = Buffer.concat([
          Buffer.from('type=X msg=audit(1.0:1): exe=2F20 a="'),
          Buffer.from(noise),
          Buffer.from('" b=1 exe=410A00FF'),
        ]);
        const record = readRecord({ bytes, text: bytes.toString('latin1') }, 0, bytes.length, 1, 0);
        if (typeof record === 'string') throw new Error(record);
        const fields = new Fields();
        fields.read(record);
        for (let index = 0; index < fields.count; index++) {
          writer.start();
          writer.field(fields, index);
          expect(Object.values(JSON.parse(writer.finish() ?? '{}') as object)).toEqual([textAt(fields, index)]);
        }
      }),
    );
  });

  it('escapes the permissions of an SELinux decision like any other value', () => {
    const bytes = Buffer.from('type=AVC msg=audit(1.0:1): avc:  denied  { "read" \\x } for  pid=7');
    const record = readRecord({ bytes, text: bytes.toString('latin1') }, 0, bytes.length, 1, 0);
    if (typeof record === 'string') throw new Error(record);
    const fields = new Fields();
    const writer = new JsonWriter();
    fields.read(record);
    writer.start();
    for (let index = 0; index < fields.count; index++) writer.field(fields, index);
    expect(JSON.parse(writer.finish() ?? '{}')).toEqual({ seresult: 'denied', seperms: '"read" \\x', pid: '7' });
  });

  it('nests objects and lists', () => {
    const writer = new JsonWriter();
    writer.start();
    writer.number(looseKey('n'), 7);
    writer.openList(looseKey('l'));
    writer.openObject();
    writer.closeObject();
    writer.openObject();
    writer.text(looseKey('a'), 'b');
    writer.closeObject();
    writer.closeList();
    writer.openObject(looseKey('o'));
    writer.closeObject();
    expect(writer.finish()).toBe('{"n":7,"l":[{},{"a":"b"}],"o":{}}');
  });

  it('is empty as null, and grows', () => {
    const writer = new JsonWriter();
    writer.start();
    expect(writer.finish()).toBeNull();
    writer.start();
    writer.text(looseKey('x'), '\u0000'.repeat(100_000));
    expect(writer.finish()).toHaveLength(600_008);
  });
});
