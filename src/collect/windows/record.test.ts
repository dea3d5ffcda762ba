import { describe, expect, it } from 'vitest';
import { RecordBuilder } from './record.ts';

describe('a record', () => {
  it('inherits nothing, so that any name may be asked for', () => {
    const record = new RecordBuilder().finish();
    expect(['constructor', '__proto__', 'toString'].map((name) => record[name])).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('keeps a field whose name is taken', () => {
    const builder = new RecordBuilder();
    builder.add('System', 'Level', 4);
    builder.add('EventData', 'Level', 'a');
    builder.add('EventData', 'Level', 'b');
    builder.add('EventData', 'Name', 'x');
    builder.add('EventData', 'Name_1', 'y');
    builder.add('EventData', 'Name', 'z');
    expect(Object.entries(builder.finish())).toEqual([
      ['Level', 4],
      ['EventData_Level', 'a'],
      ['Level_1', 'b'],
      ['Name', 'x'],
      ['Name_1', 'y'],
      ['Name_2', 'z'],
    ]);
  });

  it('takes thousands of fields of one name in no time', () => {
    const builder = new RecordBuilder();
    for (let count = 0; count < 20_000; count++) builder.add('EventData', 'Name', count);
    expect(builder.finish()['Name_19999']).toBe(19_999);
  });

  it('is empty again after it was finished', () => {
    const builder = new RecordBuilder();
    builder.addUnnamed('a');
    builder.addUnnamed('b');
    expect(builder.finish()['Data']).toEqual(['a', 'b']);
    builder.addUnnamed('c');
    expect(builder.finish()['Data']).toBe('c');
  });
});
