import type { BerNode } from '../../wire/ber.ts';
import { asBuffer, hexText } from '../../wire/text.ts';

const maxFilterDepth = 20;
const comparisons: Readonly<Record<number, string>> = { 0xa3: '=', 0xa5: '>=', 0xa6: '<=', 0xa8: '~=' };

/** A filter in the text form of RFC 4515, put together as Zeek does it; `?` for what is too deep or unknown. */
export function filterText(filter: BerNode, depth = 0): string {
  if (depth > maxFilterDepth) return '(?)';
  switch (filter.tag) {
    case 0xa0:
      return joined('&', filter, depth);
    case 0xa1:
      return joined('|', filter, depth);
    case 0xa2:
      return `(!${filter.children.map((part) => filterText(part, depth + 1)).join('')})`;
    case 0x87:
      return `(${filter.text}=*)`;
    case 0xa4:
      return `(${filter.at(0)?.text ?? '?'}=${substringsText(filter.at(1)?.children ?? [])})`;
    case 0xa9:
      return extensibleText(filter);
    default:
      return comparisonText(filter);
  }
}

/** `(type:rule:=value)`. */
function extensibleText(filter: BerNode): string {
  const part = (tag: number): string => filter.children.find((child) => child.tag === tag)?.text ?? '';
  return `(${part(0x82)}:${part(0x81)}:=${part(0x83)})`;
}

function comparisonText(filter: BerNode): string {
  const comparison = comparisons[filter.tag];
  if (comparison === undefined) return '(?)';
  const [name, value] = filter.children;
  return `(${name?.text ?? '?'}${comparison}${value === undefined ? '' : valueText(name?.text ?? '', value)})`;
}

/** Zeek and Wireshark nest what has more than two parts: `(&(&(a=1)(b=2))(c=3))`. */
function joined(operator: string, filter: BerNode, depth: number): string {
  const [first = '', ...rest] = filter.children.map((part) => filterText(part, depth + 1));
  if (rest.length === 0) return `(${operator}${first})`;
  // All that is opened stands in front, so that a filter of 200 parts is written once.
  return `${`(${operator}`.repeat(rest.length)}${first}${rest.map((part) => `${part})`).join('')}`;
}

/** Values of a ping of Active Directory that are no text (MS-ADTS, 6.3.3). */
function valueText(name: string, value: BerNode): string {
  const bytes = asBuffer(value.content);
  if (name === 'NtVer' && bytes.length === 4) return `0x${bytes.readUInt32LE(0).toString(16).padStart(8, '0')}`;
  if (name === 'DomainGuid' && bytes.length === 16) return guidText(bytes);
  if (name === 'objectSid' || name === 'AAC') return (hexText(bytes).match(/../g) ?? []).join(':');
  if (name === 'DomainSid' && bytes.length === 24) return sidText(bytes);
  return value.text;
}

function guidText(bytes: Buffer): string {
  const swapped = Buffer.from(bytes);
  swapped.subarray(0, 4).reverse();
  swapped.subarray(4, 6).reverse();
  swapped.subarray(6, 8).reverse();
  return hexText(swapped).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

/** `S-1-5-21-…`: revision, authority, and sub-authorities of four bytes each, little endian. */
function sidText(bytes: Buffer): string {
  const parts = [bytes[0] ?? 0, bytes.readUIntBE(2, 6)];
  for (let at = 8; at + 4 <= bytes.length; at += 4) parts.push(bytes.readUInt32LE(at));
  return `S-${parts.join('-')}`;
}

/** Initial, any and final parts with stars between them. */
function substringsText(parts: readonly BerNode[]): string {
  const start = parts[0]?.tag === 0x80 ? '' : '*';
  const end = parts.at(-1)?.tag === 0x82 ? '' : '*';
  return start + parts.map(({ text }) => text).join('*') + end;
}
