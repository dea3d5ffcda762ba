/** Logs made up for a list of fields, with a value for each that no other field has. */

export interface Field {
  readonly name: string;
  readonly type: string;
}

export interface MadeLog {
  readonly log: string;
  readonly fields: readonly Field[];
  /** The first row has every value; each of the others has one boolean turned, that of `turned` at the same place. */
  readonly turned: readonly (string | undefined)[];
}

export function madeLog(log: string, fields: readonly Field[]): MadeLog {
  const booleans = fields.filter(({ type }) => type === 'bool').map(({ name }) => name);
  return { log, fields, turned: [undefined, ...booleans] };
}

export function tsvOf({ log, fields, turned }: MadeLog): Buffer {
  const lines = [
    '#separator \\x09',
    '#set_separator\t,',
    '#empty_field\t(empty)',
    '#unset_field\t-',
    `#path\t${log}`,
    '#open\t2026-03-01-10-00-00',
    `#fields\t${fields.map(({ name }) => name).join('\t')}`,
    `#types\t${fields.map(({ type }) => type).join('\t')}`,
    ...turned.map((name) => fields.map((field, index) => tsvCell(valueOf(field, index, name))).join('\t')),
  ];
  return Buffer.from(`${lines.join('\n')}\n`);
}

export function jsonOf({ log, fields, turned }: MadeLog): Buffer {
  const rows = turned.map((name) => {
    const members = fields.map((field, index) => [field.name, valueOf(field, index, name)] as const);
    return JSON.stringify({ _path: log, _write_ts: '2026-03-01T10:00:00.000001Z', ...Object.fromEntries(members) });
  });
  return Buffer.from(`${rows.join('\n')}\n`);
}

type Scalar = string | number | boolean;

function tsvCell(value: Scalar | readonly Scalar[]): string {
  if (typeof value === 'boolean') return value ? 'T' : 'F';
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return Number.isInteger(value) ? String(value) : value.toFixed(6);
  return value.map(tsvCell).join(',');
}

function valueOf({ name, type }: Field, index: number, turned: string | undefined): Scalar | readonly Scalar[] {
  const inner = /^(?:set|vector|table)\[(?<inner>.*)\]$/.exec(type)?.groups?.['inner'];
  if (inner !== undefined) return [scalarOf(inner, index), scalarOf(inner, index + secondEntry)];
  return type === 'bool' ? name !== turned : scalarOf(type, index);
}

/** Entries of lists lie beyond the numbers of all fields. */
const secondEntry = 400;

/** A value of a type, which no index of any other type gives. */
function scalarOf(type: string, index: number): Scalar {
  const number = 1000 + index;
  switch (type) {
    case 'time':
      return 1_772_000_000.5 + index;
    case 'interval':
      return number + 0.25;
    case 'double':
      return number + 0.125;
    case 'count':
      return 100_000 + number;
    case 'int':
      return -200_000 - number;
    case 'port':
      return 30_000 + number;
    case 'bool':
      return true;
    case 'addr':
      return index % 2 === 0 ? `198.18.${index >> 8}.${index & 255}` : `2001:db8::${number}`;
    case 'subnet':
      return `10.${index >> 8}.${index & 255}.0/24`;
    case 'enum':
      return `Made::E${number}`;
    default:
      return `Value-${number}`;
  }
}
