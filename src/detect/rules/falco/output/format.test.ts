import { describe, expect, it } from 'vitest';
import type { StreamResolver } from '../../../../match/condition/resolver.ts';
import { catalogOf } from '../fields/sources.ts';
import { FormatError, parseFormat } from './format.ts';
import { compilePrinter } from './print.ts';

type Row = Readonly<Record<string, string | number | readonly string[] | Uint8Array>>;

const resolver: StreamResolver<Row> = {
  field: ({ name, argument }) => ({
    type: 'any',
    get: (row) => row[argument === undefined ? name : `${name}[${argument}]`],
  }),
  allFields: () => ({ absent: 'not here' }),
};

const row: Row = {
  'proc.name': 'cat',
  'proc.aname[2]': 'sshd',
  'evt.arg[flags]': 'O_RDONLY',
  'fd.types': ['file', 'ipv4'],
  'evt.buffer': Buffer.from('a\u0000b'),
};

const print = (format: string): string => compilePrinter(parseFormat(format, catalogOf('syscall')), resolver).text(row);

describe('output formats', () => {
  it.each([
    ['plain', 'plain'],
    ['%proc.name', 'cat'],
    ['(%proc.name.)', '(cat.)'],
    ['%proc.aname[2]/%evt.arg.flags', 'sshd/O_RDONLY'],
    ['[%6proc.name] [%2proc.name]', '[cat   ] [ca]'],
    ['%toupper(proc.name)!', 'CAT!'],
    ['%fd.name', '<NA>'],
    ['%fd.types', '(file, ipv4)'],
    ['%evt.buffer', 'a.b'],
    ['%proc.names', 'cats'],
  ])('%s gives %s', (format, text) => {
    expect(print(format)).toBe(text);
  });

  it('names the fields with their values once, transformers left out', () => {
    const parts = parseFormat('%proc.name %toupper(proc.name) %proc.aname[2] %proc.name', catalogOf('syscall'));
    expect([...compilePrinter(parts, resolver).fields(row)]).toEqual([
      ['proc.name', 'cat'],
      ['proc.aname[2]', 'sshd'],
    ]);
  });

  it.each([
    ['a %', 'invalid formatting syntax: formatting cannot end with a %'],
    ['a %nope.field b', 'invalid formatting token nope.field b'],
    ['%fd.ip', 'invalid formatting token fd.ip'],
  ])('refuses %s', (format, message) => {
    expect(() => parseFormat(format, catalogOf('syscall'))).toThrow(new FormatError(message));
  });
});
