import { TextDecoder } from 'node:util';

/** How a content is encoded, by the mark at its beginning; UTF-8 where there is none. */
function byteOrderOf(head: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  return head[0] === 0xfe && head[1] === 0xff ? 'utf-16be' : undefined;
}

/** A content in UTF-8, whatever it is encoded in by its mark; the mark is left out. What is no Unicode becomes U+FFFD. */
export async function* asUtf8(content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let decoder: TextDecoder | undefined;
  let held = Buffer.alloc(0);
  for await (const chunk of content) {
    if (decoder !== undefined) {
      yield Buffer.from(decoder.decode(chunk, { stream: true }));
      continue;
    }
    held = Buffer.concat([held, chunk]);
    if (held.length < 2) continue;
    decoder = new TextDecoder(byteOrderOf(held) ?? 'utf-8');
    yield Buffer.from(decoder.decode(held, { stream: true }));
  }
  if (decoder === undefined) yield held;
  else yield Buffer.from(decoder.decode());
}

/** The beginning of a content as text, for `detect`. */
export function textOfHead(head: Uint8Array): string {
  return new TextDecoder(byteOrderOf(head) ?? 'utf-8').decode(head);
}
