import { formatOfLine, type FormatId } from './detect.ts';

/** Lines that have neither format are passed over for this long. */
const maxBytes = 65_536;
const newline = 10;

interface Chosen {
  readonly id: FormatId;
  /** The whole content again. */
  readonly content: AsyncIterable<Uint8Array>;
}

/**
 * The format of the first line that has one, and `cri` when none has: every line of such a content is a problem then.
 * Undefined when the content may still grow and has no whole line of either yet. How the content is cut makes no difference.
 */
export async function chooseFormat(
  content: AsyncIterable<Uint8Array>,
  isGrowing: boolean,
): Promise<Chosen | undefined> {
  const rest = content[Symbol.asyncIterator]();
  let held = Buffer.alloc(0);
  for (;;) {
    const next = await rest.next();
    if (next.done !== true) held = Buffer.concat([held, next.value]);
    const isOver = next.done === true;
    const isAll = held.length >= maxBytes || (isOver && !isGrowing);
    const id = formatIn(held.subarray(0, maxBytes), isAll) ?? (isAll ? 'cri' : undefined);
    if (id !== undefined) return { id, content: replay(held, rest) };
    if (isOver) return undefined;
  }
}

/** Looks at whole lines, and at the last one when nothing more of it will be seen. */
function formatIn(bytes: Buffer, isAll: boolean): FormatId | undefined {
  for (let start = 0; start < bytes.length;) {
    const found = bytes.indexOf(newline, start);
    if (found < 0 && !isAll) return undefined;
    const end = found < 0 ? bytes.length : found;
    const format = formatOfLine(bytes, start, end);
    if (format !== undefined) return format;
    start = end + 1;
  }
  return undefined;
}

async function* replay(held: Buffer, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield held;
    for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}
