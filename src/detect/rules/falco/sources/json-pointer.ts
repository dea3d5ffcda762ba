import { at, isObject, textField, textOf, type JsonField, type JsonValue } from './json-record.ts';

/** RFC 6901; undefined when nothing stands there. */
function resolvePointer(value: JsonValue, pointer: string): JsonValue | undefined {
  let found: JsonValue | undefined = value;
  for (const token of pointer.split('/').slice(1)) {
    const key = token.replaceAll('~1', '/').replaceAll('~0', '~');
    if (Array.isArray(found)) found = /^(?:0|[1-9]\d{0,8})$/.test(key) ? found[Number(key)] : undefined;
    else found = isObject(found) ? at(found, key) : undefined;
    if (found === undefined) return undefined;
  }
  return found;
}

/** Fields of the json plug-in under one of its two names: `json` and, from older days, `jevt`. */
function fieldsOf(prefix: 'json' | 'jevt'): JsonField[] {
  return [
    {
      name: `${prefix}.value`,
      type: 'text',
      isList: false,
      argument: 'required',
      getter: (pointer) => {
        const path = pointer.startsWith('/') ? pointer : `/${pointer}`;
        return (record) => textOf(resolvePointer(record.value, path));
      },
    },
    textField(`${prefix}.obj`, (value) => JSON.stringify(value, undefined, 2)),
    {
      name: `${prefix}.rawtime`,
      type: 'text',
      isList: false,
      argument: 'none',
      getter: () => (record) => String(record.time),
    },
  ];
}

/** Fields that any JSON event has. */
export const jsonFields: readonly JsonField[] = [...fieldsOf('json'), ...fieldsOf('jevt')];
