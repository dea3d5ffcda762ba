import { describe, expect, it } from 'vitest';
import { isAbsent, type StreamValue } from './condition/resolver.ts';
import { FieldObserver } from './field-observer.ts';
import type { RecordFormat } from './record-stream.ts';

type Row = Readonly<Record<string, StreamValue>>;
const format: RecordFormat<Row> = {
  id: 'rows',
  resolver: {
    field: ({ name }) => (name === 'never' ? { absent: 'not in rows' } : { type: 'any', get: (row) => row[name] }),
    allFields: () => ({ absent: 'no' }),
  },
  time: () => 0n,
  type: () => '',
};

describe('the observer of fields', () => {
  it('knows which fields have a value in what it saw', () => {
    const observer = new FieldObserver(format);
    for (const name of ['a', 'b', 'empty', 'list', 'never']) observer.probe.resolver.field({ name });
    observer.see({ a: undefined, b: null, empty: '', list: [null] });
    observer.see({ a: 0, list: [] });
    const { resolver } = observer.observed;
    const answer = (name: string): string => {
      const field = resolver.field({ name });
      return isAbsent(field) ? field.absent : 'there';
    };
    expect(['a', 'b', 'empty', 'list', 'never'].map(answer)).toEqual([
      'there',
      'none of the 2 records has a value for it',
      'there',
      'none of the 2 records has a value for it',
      'not in rows',
    ]);
  });
});
