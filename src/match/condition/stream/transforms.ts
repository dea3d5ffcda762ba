import type { Transform } from '../condition.ts';
import { isUtf8 } from 'node:buffer';
import type { Scalar, StreamField, StreamValue } from '../resolver.ts';
import { isList, isPresent, textOf } from '../values.ts';
import { getoptOption, getoptValues } from './getopt.ts';

/** A transformation over the getters of its arguments. */
export function transformed<R>(transform: Transform, parts: readonly StreamField<R>[]): StreamField<R> {
  switch (transform) {
    case 'lower':
      return perText(parts, (text) => text.replace(/[A-Z]+/g, (run) => run.toLowerCase()));
    case 'upper':
      return perText(parts, (text) => text.replace(/[a-z]+/g, (run) => run.toUpperCase()));
    case 'base64':
      return perText(parts, base64Text);
    case 'basename':
      return perText(parts, (text) => text.slice(text.lastIndexOf('/') + 1));
    case 'length':
      return { type: 'number', get: (record) => lengthOf(parts[0]?.get(record)) };
    case 'list':
      return { type: 'list', get: (record) => valuesOf(parts, record) };
    case 'concat':
      return { type: 'text', get: (record) => valuesOf(parts, record)?.join('') };
    case 'join':
      return {
        type: 'text',
        get: (record) => {
          const separator = valuesOf(parts.slice(0, 1), record)?.[0];
          return separator === undefined ? undefined : valuesOf(parts.slice(1), record)?.join(separator);
        },
      };
    case 'getopt':
      return getopt(parts);
  }
}

function perText<R>(parts: readonly StreamField<R>[], map: (text: string) => string | undefined): StreamField<R> {
  const mapValue = (value: Scalar): string | null => {
    const text = textOf(value);
    return text === undefined ? null : (map(text) ?? null);
  };
  const [part] = parts;
  return {
    type: part?.type === 'list' || part?.type === 'any' ? part.type : 'text',
    get: (record): StreamValue => {
      const value = part?.get(record);
      if (value === undefined || value === null) return undefined;
      return isList(value) ? value.map((element) => (element === null ? null : mapValue(element))) : mapValue(value);
    },
  };
}

/** Texts of all values of all parts; undefined when a part has none. */
function valuesOf<R>(parts: readonly StreamField<R>[], record: R): string[] | undefined {
  const values: string[] = [];
  for (const part of parts) {
    const before = values.length;
    const value = part.get(record);
    if (value === undefined || value === null) return undefined;
    for (const element of isList(value) ? value : [value]) {
      const text = element === null ? undefined : textOf(element);
      // Two halves must not become one character where they are joined.
      if (text !== undefined) values.push(text.toWellFormed());
    }
    if (values.length === before) return undefined;
  }
  return values;
}

function lengthOf(value: StreamValue): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (isList(value)) return value.filter((element) => element !== null && isPresent(element)).length || undefined;
  if (typeof value === 'object') return value.length;
  const text = textOf(value);
  return text === undefined ? undefined : Buffer.byteLength(text);
}

const base64Form = /^[A-Za-z0-9+/]*={0,2}$/;

function base64Text(text: string): string | undefined {
  if (!base64Form.test(text)) return undefined;
  const digits = text.replace(/=+$/, '').length;
  if (digits % 4 === 1 || (text.length !== digits && text.length % 4 !== 0)) return undefined;
  const bytes = Buffer.from(text, 'base64');
  return isUtf8(bytes) ? bytes.toString('utf8') : undefined;
}

function getopt<R>(parts: readonly StreamField<R>[]): StreamField<R> {
  const [words, options, option] = parts;
  if (words === undefined || options === undefined) return { type: 'list', get: () => undefined };
  const read = (record: R): readonly [string[], string] | undefined => {
    const list = valuesOf([words], record);
    const letters = valuesOf([options], record)?.[0];
    return list === undefined || letters === undefined ? undefined : [list, letters];
  };
  if (option === undefined) {
    return {
      type: 'list',
      get: (record) => {
        const input = read(record);
        return input === undefined ? undefined : getoptValues(...input);
      },
    };
  }
  return {
    type: 'text',
    get: (record) => {
      const input = read(record);
      const letter = valuesOf([option], record)?.[0];
      return input === undefined || letter === undefined ? undefined : getoptOption(...input, letter);
    },
  };
}
