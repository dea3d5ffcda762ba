/** A content with its first bytes looked at. */
export interface Peeked {
  /** At least as many bytes as were asked for, unless the content is shorter. */
  readonly head: Buffer;
  /** The whole content again. */
  readonly content: AsyncIterable<Uint8Array>;
}

/** Looks at the first bytes of a content, however it is cut. */
export async function peek(content: AsyncIterable<Uint8Array>, bytes: number): Promise<Peeked> {
  const chunks = content[Symbol.asyncIterator]();
  let head = Buffer.alloc(0);
  while (head.length < bytes) {
    const next = await chunks.next();
    if (next.done === true) break;
    head = Buffer.concat([head, next.value]);
  }
  return { head, content: replay(head, chunks) };
}

async function* replay(head: Buffer, chunks: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  if (head.length > 0) yield head;
  for (let next = await chunks.next(); next.done !== true; next = await chunks.next()) yield next.value;
}
