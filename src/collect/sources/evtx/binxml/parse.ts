import { RecordDamage } from './damage.ts';
import type { Cursor } from './cursor.ts';
import type { Names } from './names.ts';
import { moreFollows, tokens } from './tokens.ts';
import type { AttributeNode, ContentNode, ElementNode, InstanceNode, Part } from './tree.ts';
import { types } from './types.ts';

/** Elements within elements; Windows itself writes fewer than ten. */
const maxDepth = 64;
/** A template has at most this many values; the format's own bound is the size of a chunk. */
const maxValues = 4096;

export interface ParseOptions {
  readonly names: Names;
  /** Elements in template definitions have a dependency identifier; those of fragments that stand in a record have none. */
  readonly hasDependency: boolean;
}

/** Reads a fragment up to its end: an element or an instance of a template; undefined when it is empty. */
export function parseFragment(cursor: Cursor, options: ParseOptions): ElementNode | InstanceNode | undefined {
  while (cursor.at < cursor.end) {
    const token = cursor.u8();
    switch (token & ~moreFollows) {
      case tokens.fragmentHeader:
        cursor.skip(3);
        break;
      case tokens.openElement:
        return parseElement(cursor, options, token, 0);
      case tokens.templateInstance:
        return parseInstance(cursor);
      case tokens.instructionTarget:
      case tokens.instructionData:
        skipInstruction(cursor, options, token);
        break;
      case tokens.endOfFragment:
        return undefined;
      default:
        throw unexpected(token, cursor);
    }
  }
  return undefined;
}

function parseElement(cursor: Cursor, options: ParseOptions, open: number, depth: number): ElementNode {
  if (depth > maxDepth) throw new RecordDamage(`its elements are nested deeper than ${maxDepth}`, true);
  if (options.hasDependency) cursor.skip(2);
  cursor.skip(4);
  const name = parseName(cursor, options.names);
  if ((open & moreFollows) !== 0) cursor.skip(4);
  const attributes: AttributeNode[] = [];
  for (;;) {
    const token = cursor.u8();
    switch (token & ~moreFollows) {
      case tokens.attribute:
        attributes.push({ name: parseName(cursor, options.names), parts: parseParts(cursor, options) });
        break;
      case tokens.closeEmptyElement:
        return { name, attributes, content: [] };
      case tokens.closeStartTag:
        return { name, attributes, content: parseContent(cursor, options, depth) };
      default:
        throw unexpected(token, cursor);
    }
  }
}

function parseContent(cursor: Cursor, options: ParseOptions, depth: number): ContentNode[] {
  const content: ContentNode[] = [];
  for (;;) {
    const token = cursor.u8();
    switch (token & ~moreFollows) {
      case tokens.endElement:
        return content;
      case tokens.openElement:
        content.push(parseElement(cursor, options, token, depth + 1));
        break;
      case tokens.templateInstance:
        content.push(parseInstance(cursor));
        break;
      case tokens.instructionTarget:
      case tokens.instructionData:
        skipInstruction(cursor, options, token);
        break;
      default:
        content.push(parsePart(cursor, options, token));
    }
  }
}

/** What an attribute is made of: values up to the token that ends it, which stays. */
function parseParts(cursor: Cursor, options: ParseOptions): Part[] {
  const parts: Part[] = [];
  for (;;) {
    const kind = (cursor.bytes[cursor.at] ?? 0) & ~moreFollows;
    const isOver = kind === tokens.attribute || kind === tokens.closeStartTag || kind === tokens.closeEmptyElement;
    if (isOver || cursor.at >= cursor.end) return parts;
    parts.push(parsePart(cursor, options, cursor.u8()));
  }
}

function parsePart(cursor: Cursor, options: ParseOptions, token: number): Part {
  switch (token & ~moreFollows) {
    case tokens.value:
      return { text: parseValue(cursor) };
    case tokens.cdata:
      return { text: parseText(cursor) };
    case tokens.characterReference:
      return { text: String.fromCharCode(cursor.u16()).toWellFormed() };
    case tokens.entityReference:
      return { text: entityText(parseName(cursor, options.names)) };
    case tokens.normalSubstitution:
    case tokens.optionalSubstitution: {
      const slot = cursor.u16();
      cursor.skip(1);
      return { slot };
    }
    default:
      throw unexpected(token, cursor);
  }
}

/** A value of the template itself: always text, by the specification. */
function parseValue(cursor: Cursor): string {
  const type = cursor.u8();
  if (type === types.string) return parseText(cursor);
  throw new RecordDamage(`a value of type ${type} stands where text has to, at byte ${cursor.at} of its chunk`);
}

function parseText(cursor: Cursor): string {
  const length = 2 * cursor.u16();
  const start = cursor.skip(length);
  return cursor.bytes.toString('utf16le', start, start + length).toWellFormed();
}

/** Reads a name's offset, and passes over the name where it stands right there: each is stored once, at its first use. */
function parseName(cursor: Cursor, names: Names): string {
  const offset = cursor.u32();
  const name = names.at(offset);
  if (offset === cursor.at) cursor.skip(names.sizeAt(offset));
  return name;
}

/** Reads the values of a template instance, and passes over the template where it stands right there. */
function parseInstance(cursor: Cursor): InstanceNode {
  cursor.skip(5);
  const definition = cursor.u32();
  if (definition === cursor.at) {
    cursor.skip(20);
    cursor.skip(cursor.u32());
  }
  const count = cursor.u32();
  if (count > maxValues) throw new RecordDamage(`its template is said to have ${count} values`);
  const descriptors = cursor.skip(4 * count);
  const starts: number[] = [];
  let start = cursor.at;
  for (let index = 0; index < count; index++) {
    starts.push(start);
    start += cursor.bytes.readUInt16LE(descriptors + 4 * index);
  }
  cursor.skip(start - cursor.at);
  return { definition, values: { descriptors, starts } };
}

function skipInstruction(cursor: Cursor, options: ParseOptions, token: number): void {
  if ((token & ~moreFollows) === tokens.instructionTarget) parseName(cursor, options.names);
  else parseText(cursor);
}

/** The entities of XML itself; a reference to any other stays as it stands. */
const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

function entityText(name: string): string {
  return Object.hasOwn(entities, name) ? (entities[name] ?? '') : `&${name};`;
}

function unexpected(token: number, cursor: Cursor): RecordDamage {
  return new RecordDamage(
    `token 0x${token.toString(16).padStart(2, '0')} cannot stand at byte ${cursor.at - 1} of its chunk`,
  );
}
