/** What a field holds, as far as operators and output tell it apart. */
export type FieldType = 'text' | 'number' | 'boolean' | 'address' | 'network' | 'bytes' | 'any';

export interface FieldSpec {
  readonly name: string;
  readonly type: FieldType;
  /** Falco's own name of the type, for its messages. */
  readonly falcoType: string;
  readonly isList: boolean;
  readonly argument: 'none' | 'allowed' | 'required';
  /** May stand in `val()` on the right side. */
  readonly isRightAllowed: boolean;
  readonly isTransformable: boolean;
  /** Cannot be printed. */
  readonly isFilterOnly: boolean;
}

const types: Readonly<Record<string, FieldType>> = {
  CHARBUF: 'text',
  BYTEBUF: 'bytes',
  BOOL: 'boolean',
  IPADDR: 'address',
  IPNET: 'network',
  DYN: 'any',
};

/** Reads a table of fields: name, Falco's type, then words for what else is so. */
export function readFieldTable(table: string): FieldSpec[] {
  return table
    .trim()
    .split('\n')
    .map((line) => {
      const [name = '', falcoType = '', ...words] = line.split(' ');
      return fieldSpec(name, falcoType, words);
    });
}

export function fieldSpec(name: string, falcoType: string, words: readonly string[] = []): FieldSpec {
  const optional = words.includes('arg?') ? 'allowed' : 'none';
  return {
    name,
    falcoType,
    type: types[falcoType] ?? 'number',
    isList: words.includes('list'),
    argument: words.includes('arg') ? 'required' : optional,
    isRightAllowed: !words.includes('no-rhs'),
    isTransformable: !words.includes('no-transformer'),
    isFilterOnly: words.includes('filter-only'),
  };
}
