import { describe, expect, it } from 'vitest';
import { compileFilter } from './compile/compile.ts';
import { catalogOf } from './fields/sources.ts';
import { parseFilter } from './filter/parser.ts';
import { fewest, reachOf } from '../reach.ts';

/** Whether a condition can be true where only these fields are there, and what it lacks. */
function reach(text: string, ...there: readonly string[]) {
  const { condition } = compileFilter(parseFilter(text), catalogOf('syscall'));
  const { condition: left, missing } = reachOf(condition, ({ name }) =>
    there.includes(name) ? {} : { absent: `no ${name}` },
  );
  return [left.kind !== 'never', missing.map(({ field }) => field)];
}

describe('what a rule can reach where fields are missing', () => {
  it.each([
    ['proc.name = a and fd.name = b', ['proc.name'], false, ['fd.name']],
    ['proc.name = a or fd.name = b', ['proc.name'], true, ['fd.name']],
    ['proc.name = a and not fd.name = b', ['proc.name'], true, ['fd.name']],
    ['proc.name = a and fd.name != b', ['proc.name'], false, ['fd.name']],
    ['not (proc.name = a or not fd.name = b)', ['proc.name'], false, ['fd.name']],
    ['proc.name contains oneof (a, b)', [], false, ['proc.name']],
    ['proc.name = val(proc.pname)', ['proc.name'], false, ['proc.pname']],
    ['concat(proc.name, fd.name) = a', ['proc.name'], false, ['fd.name']],
  ] as const)('%s with %j: %s', (text, there, canFire, missing) => {
    expect(reach(text, ...there)).toEqual([canFire, missing]);
  });

  it('is least where least is missing', () => {
    const [a, b] = [
      { field: 'a', why: '' },
      { field: 'b', why: '' },
    ];
    expect(fewest([[a, b], [b], [a, b]])).toEqual([b]);
    expect(fewest([])).toEqual([]);
  });
});
