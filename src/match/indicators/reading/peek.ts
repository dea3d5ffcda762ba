/** The first bytes of a content, up to `maxBytes`, and the content again with them in front. */
export async function peek(
  content: AsyncIterable<Uint8Array>,
  maxBytes: number,
): Promise<{ readonly head: Uint8Array; readonly content: AsyncIterable<Uint8Array> }> {
  const iterator = content[Symbol.asyncIterator]();
  const taken: Uint8Array[] = [];
  let length = 0;
  while (length < maxBytes) {
    const next = await iterator.next();
    if (next.done === true) break;
    taken.push(next.value);
    length += next.value.length;
  }
  const head = Buffer.concat(taken).subarray(0, maxBytes);
  return { head, content: replay(taken, iterator) };
}

async function* replay(taken: readonly Uint8Array[], rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* taken;
    for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}

/** True when the first character that is no blank opens a JSON object or list. */
export function looksLikeJson(head: string): boolean {
  return /^\uFEFF?\s*(?:\{|\[\s*[{\]])/.test(head);
}

/** Lines of a head that are neither blank nor comments, without the last one, which may be cut. At most `limit`. */
export function contentLines(head: string, limit = 50): string[] {
  const lines = head.split('\n');
  if (lines.length > 1 && head.length > 60_000) lines.pop();
  return lines
    .map((line) => line.trim())
    .filter((line) => line !== '' && !/^[#!;]/.test(line))
    .slice(0, limit);
}
