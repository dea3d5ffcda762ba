import {
  attributeName,
  containerOf,
  nameIn,
  RecordBuilder,
  type Container,
  type WindowsRecord,
} from '../../windows/record.ts';
import { fieldOf, isObject, type JsonObject } from './fields.ts';

/** Elements within elements; deeper ones are kept as JSON text. */
const maxDepth = 64;

/**
 * The content of `Event` as evtx_dump writes it: elements are keys, attributes stand in `#attributes`, text beside them in
 * `#text`, and named `Data` elements under their names. Gives what the `evtx` source makes of the same event.
 */
export function flattenDump(event: JsonObject): WindowsRecord {
  const builder = new RecordBuilder();
  for (const [name, value] of Object.entries(event)) {
    if (name === '#attributes') continue;
    const container = containerOf(name);
    if (isObject(value)) addContainer(builder, container, name, value);
    else add(builder, container, name, value);
  }
  return builder.finish();
}

function addContainer(builder: RecordBuilder, container: Container, name: string, content: JsonObject): void {
  for (const [key, value] of Object.entries(content)) {
    if (key === '#attributes') addAttributes(builder, container, name, value);
    else if (key === '#text') add(builder, container, name, value);
    else addElement(builder, container, key, value, 0);
  }
}

function addElement(
  builder: RecordBuilder,
  container: Container,
  element: string,
  value: unknown,
  depth: number,
): void {
  const name = nameIn(container, element);
  if (!isObject(value) || depth > maxDepth) {
    add(builder, container, name, value);
    return;
  }
  for (const [key, inner] of Object.entries(value)) {
    if (key === '#attributes') addAttributes(builder, container, name, inner);
    else if (key === '#text') add(builder, container, name, inner);
    else addElement(builder, container, key, inner, depth + 1);
  }
}

function addAttributes(builder: RecordBuilder, container: Container, element: string, attributes: unknown): void {
  if (!isObject(attributes)) return;
  for (const [key, value] of Object.entries(attributes)) {
    const name = attributeName(element, key);
    if (name !== undefined) add(builder, container, name, value);
  }
}

function add(builder: RecordBuilder, container: Container, name: string, value: unknown): void {
  const field = fieldOf(value);
  if (field !== undefined) builder.add(container, name.toWellFormed(), field);
}
