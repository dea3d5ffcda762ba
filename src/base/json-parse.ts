import { VakthundError } from './errors.ts';

/**
 * Values that one text may hold. Each takes up to 100 bytes in memory for two in the text (`{},`), so that a text of 100 MB could take
 * 3 GB; the bill of 100,000 packages has some five million.
 */
const maxValues = 12_000_000;

/** `JSON.parse` of a text that others wrote. Throws SyntaxError where it is none, EVIDENCE_LIMIT where it would not fit into memory. */
export function parseForeignJson(text: string): unknown {
  if (text.length > maxValues && countValues(text) > maxValues) {
    throw new VakthundError('EVIDENCE_LIMIT', `it holds more than ${maxValues} values, more than fit into memory`);
  }
  return JSON.parse(text);
}

/** Upper bound: signs inside texts count too. */
function countValues(text: string): number {
  let count = 0;
  for (let at = 0; at < text.length && count <= maxValues; at++) {
    const code = text.charCodeAt(at);
    // A comma, an opening bracket or brace.
    if (code === 0x2c || code === 0x5b || code === 0x7b) count++;
  }
  return count;
}
