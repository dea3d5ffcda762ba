import { describe, expect, it } from 'vitest';
import { compileCondition } from '../../../../match/condition/stream/rule-set.ts';
import type { StreamResolver, StreamValue } from '../../../../match/condition/resolver.ts';
import { catalogOf } from '../fields/sources.ts';
import { parseFilter } from '../filter/parser.ts';
import { compileFilter } from './compile.ts';
import { parseGlob } from './glob.ts';

type Row = Readonly<Record<string, StreamValue>>;
const resolver: StreamResolver<Row> = {
  field: ({ name, argument }) => ({
    type: 'any',
    get: (row) => row[argument === undefined ? name : `${name}[${argument}]`],
  }),
  allFields: () => ({ absent: 'not here' }),
};

const matches = (text: string, row: Row): boolean =>
  compileCondition(compileFilter(parseFilter(text), catalogOf('syscall')).condition, resolver).test(row);

describe('the meaning of a filter', () => {
  it.each<[string, Row, boolean]>([
    ['fd.name != a', {}, false],
    ['not fd.name = a', {}, true],
    ['fd.name = ""', { 'fd.name': '' }, true],
    ['fd.name exists', { 'fd.name': '' }, true],
    ['fd.port != 80', { 'fd.port': [80, 443] }, false],
    ['fd.port != 81', { 'fd.port': [80, 443] }, true],
    ['fd.port = 443', { 'fd.port': [80, 443] }, true],
    ['proc.aname != sshd', { 'proc.aname': ['bash', 'sshd'] }, true],
    ['proc.aname != sshd', { 'proc.aname': ['sshd'] }, false],
    ['fd.types in (file, ipv4)', { 'fd.types': ['file'] }, true],
    ['fd.types in (file, ipv4)', { 'fd.types': ['file', 'unix'] }, false],
    ['fd.types intersects (file, ipv4)', { 'fd.types': ['file', 'unix'] }, true],
    ['fd.sip = 10.0.0.1', { 'fd.sip': '10.0.0.1' }, true],
    ['fd.snet = 10.0.0.0/255.0.0.0', { 'fd.snet': '10.9.9.9' }, true],
    ['fd.snet != ::/0', { 'fd.snet': '10.9.9.9' }, true],
    ['evt.rawres >= 0x10', { 'evt.rawres': 16 }, true],
    ['evt.rawres in (0, -115)', { 'evt.rawres': -115 }, true],
    ['proc.name < val(proc.pname)', { 'proc.name': 'a', 'proc.pname': 'b' }, true],
    ['proc.name < 5', { 'proc.name': '10' }, true],
    ['proc.name regex "a.c"', { 'proc.name': 'xabc' }, false],
    ['proc.name regex "a.c"', { 'proc.name': 'abc' }, true],
    ['fd.name glob "/etc/*/[a-c]?"', { 'fd.name': '/etc/x/y/bz' }, true],
    ['fd.name iglob "/ETC/*"', { 'fd.name': '/etc/x' }, true],
    ['proc.name = val(proc.pname)', { 'proc.name': 'a', 'proc.pname': 'a' }, true],
    ['proc.name != val(proc.pname)', { 'proc.name': 'a' }, false],
    ['evt.is_open_read = true', { 'evt.is_open_read': true }, true],
  ])('%s on %j: %s', (text, row, isMatch) => {
    expect(matches(text, row)).toBe(isMatch);
  });

  it.each([
    ['fd.num contains 1', "'contains' operator not supported for numeric filters"],
    ['proc.name bcontains 61', "'bcontains' operator not supported for string filters"],
    ['fd.types = file', "'=' operator not supported list filters"],
    ['fd.sip = nowhere', 'unrecognized IP address nowhere'],
    ['fd.num = many', "filter error: 'many' is not a valid number"],
    ['evt.is_open_read = maybe', 'filter error: unrecognized boolean value maybe'],
    ['evt.buffer bcontains 6', 'filter error: bcontains and bstartswith operator support hex strings only'],
    ['evt.type = opn', 'unknown event type opn'],
    ['proc.nope = a', 'filter_check called with nonexistent field proc.nope'],
    ['proc.name = val(evt.rawarg.res)', "field 'evt.rawarg' is not supported on the right-hand side of a comparison"],
    ['evt.arg = a', 'filter_check called with nonexistent field evt.arg'],
  ])('%s is refused: %s', (text, message) => {
    expect(() => compileFilter(parseFilter(text), catalogOf('syscall'))).toThrow(message);
  });

  it('suspects fields, transformers and patterns among constants', () => {
    const warnings = (text: string): string[] =>
      compileFilter(parseFilter(text), catalogOf('syscall')).warnings.map(({ message }) => message);
    expect(warnings('proc.name in (proc.pname, "toupper( fd.name )", a)')).toEqual([
      "'proc.pname' may be a valid field misused as a const string value",
      "'toupper( fd.name )' may be a valid field transformer misused as a const string value",
    ]);
    expect(warnings('proc.name regex ".*sh"')[0]).toMatch(/^regex check with '\.\*sh' may be optimized/);
    expect(warnings('proc.name regex "s[ha]"')).toEqual([]);
  });
});

describe('glob patterns', () => {
  it.each([
    ['a*b', ['a', { kind: 'many' }, 'b']],
    ['\\*[', ['*[']],
    [
      '[]a-c!]',
      [
        {
          kind: 'class',
          isNegated: false,
          ranges: [
            [']', ']'],
            ['a', 'c'],
            ['!', '!'],
          ],
        },
      ],
    ],
    ['[!x]?', [{ kind: 'class', isNegated: true, ranges: [['x', 'x']] }, { kind: 'one' }]],
  ])('%s', (pattern, parts) => {
    expect(parseGlob(pattern)).toEqual(parts);
  });
});
