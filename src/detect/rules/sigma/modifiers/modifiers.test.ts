import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readYaml } from '../../../../base/yaml-tree.ts';
import { SigmaError } from '../error.ts';
import type { SigmaValue } from '../model.ts';
import { readItem } from '../read/detection.ts';

function expand(key: string, value: unknown): readonly SigmaValue[] {
  const [document] = readYaml(JSON.stringify({ [key]: value }));
  const root = document !== undefined && 'root' in document ? document.root : undefined;
  const entry = root?.kind === 'map' ? root.entries.get(key) : undefined;
  if (entry === undefined) throw new Error('no entry');
  return readItem(entry).values;
}

/** Strings as text with their wildcards; `or` as the texts of its alternatives. */
function texts(key: string, value: unknown): string[] {
  const show = (one: SigmaValue): string[] => {
    if (one.type === 'or') return one.values.flatMap(show);
    if (one.type !== 'string') return [one.type];
    return [
      one.parts
        .map((part) => {
          if (typeof part === 'string') return part;
          return 'wild' in part ? `<${part.wild}>` : `{${part.placeholder}}`;
        })
        .join(''),
    ];
  };
  return expand(key, value).flatMap(show);
}

function fault(key: string, value: unknown): string {
  try {
    expand(key, value);
  } catch (error) {
    if (error instanceof SigmaError) return `${error.code}: ${error.message}`;
    throw error;
  }
  return 'none';
}

describe('modifiers', () => {
  it('resolves escapes as the specification tells', () => {
    expect(texts('f', ['a*?b', 'a\\*b', 'a\\\\*b', 'a\\\\\\*b', 'C:\\dir\\\\x', 'end\\'])).toEqual([
      'a<*><?>b',
      'a*b',
      'a\\<*>b',
      'a\\*b',
      'C:\\dir\\x',
      'end\\',
    ]);
  });

  it('puts wildcards around once', () => {
    expect(texts('f|contains', ['x', '*x', 'x\\*', ''])).toEqual(['<*>x<*>', '<*>x<*>', '<*>x*<*>', '<*>']);
    expect(texts('f|startswith', 'x')).toEqual(['x<*>']);
    expect(texts('f|endswith|windash', ' -s')).toEqual(['-', '/', '–', '—', '―'].map((dash) => `<*> ${dash}s`));
  });

  it('replaces only dashes at the beginning of words', () => {
    expect(texts('f|windash', 'a-b --x -')).toHaveLength(5);
    expect(texts('f|windash', '-a /b')).toHaveLength(25);
    expect(fault('f|windash', ' -a'.repeat(8))).toContain('more than 4096 alternatives');
  });

  it('encodes as the specification has it', () => {
    expect(texts('f|utf16le|base64', 'cmd')).toEqual([Buffer.from('cmd', 'utf16le').toString('base64')]);
    expect(texts('f|utf16|base64', 'cmd')).toEqual(['//5jAG0AZAA=']);
    expect(texts('f|utf16be|base64', 'cmd')).toEqual(['AGMAbQBk']);
    expect(fault('f|base64', 'a*')).toBe(
      'SigmaValueError: the modifier "base64" does not take wildcards or placeholders',
    );
  });

  it('finds a text inside of any Base64 that holds it', () => {
    const bytes = fc.uint8Array({ maxLength: 8 });
    const text = fc.string({ minLength: 3, unit: fc.constantFrom('a', 'Z', 'é', '€', ' ', '-') });
    fc.assert(
      fc.property(bytes, text, bytes, (before, value, after) => {
        const encoded = Buffer.concat([before, Buffer.from(value), after]).toString('base64');
        const forms = texts('f|base64offset', value);
        expect(forms).toHaveLength(3);
        expect(encoded).toContain(forms[before.length % 3]);
      }),
    );
  });

  it('takes placeholders only after expand', () => {
    expect(texts('f', '%a%')).toEqual(['%a%']);
    expect(texts('f|expand', ['%a%', 'x%a%%b%', '\\%a%b%', '50%'])).toEqual(['{a}', 'x{a}{b}', '%a{b}', '50%']);
  });

  it('makes typed values', () => {
    expect(expand('f|re|i|m|s', 'a\\*')).toEqual([
      { type: 'regex', pattern: 'a\\*', ignoreCase: true, isMultiline: true, isDotAll: true },
    ]);
    expect(expand('f|hour|gte', 5)).toEqual([{ type: 'time', part: 'hour', operator: 'gte', value: 5 }]);
    expect(expand('f|fieldref|endswith', 'g')).toEqual([{ type: 'fieldref', field: 'g', mode: 'endswith' }]);
    expect(expand('f|cidr', 'fe80::/10')).toEqual([{ type: 'cidr', cidr: 'fe80::/10' }]);
    expect(expand('f', [null, true, 5])).toEqual([
      { type: 'null' },
      { type: 'boolean', value: true },
      { type: 'number', value: 5 },
    ]);
  });

  it('refuses values that do not fit', () => {
    expect(fault('f|contains', 1)).toBe('SigmaTypeError: the modifier "contains" does not take a number');
    expect(fault('f|gt', '5')).toBe('SigmaTypeError: the modifier "gt" does not take a string');
    expect(fault('f|cidr', '10.0.0.1/8')).toBe('SigmaTypeError: the network "10.0.0.1/8" has host bits set');
    expect(fault('f|cidr', '10.0.0.0/33')).toBe('SigmaTypeError: "10.0.0.0/33" is no network');
    expect(fault('f|contains|re', 'x')).toContain('SigmaValueError');
    expect(fault('|exists', true)).toBe('SigmaValueError: the modifier "exists" needs a field');
    expect(fault('f|toString', 'x')).toContain('SigmaModifierError: unknown modifier "toString"');
  });
});
