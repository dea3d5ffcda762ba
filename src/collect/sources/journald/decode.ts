import type { Batch, DecodeContext } from '../../source.ts';
import { decodeExport } from './export.ts';
import { decodeJournal } from './file/decode.ts';
import { signature } from './file/header.ts';

/** A journal begins with its signature; a checkpoint within an export is never at the beginning of one. */
export async function* decode(content: AsyncIterable<Uint8Array>, context: DecodeContext): AsyncGenerator<Batch> {
  const chunks = content[Symbol.asyncIterator]();
  let head = Buffer.alloc(0);
  while (context.start.byte === 0 && head.length < signature.length) {
    const next = await chunks.next();
    if (next.done === true) break;
    head = Buffer.concat([head, next.value]);
  }
  const all = withHead(head, chunks);
  const isFile = head.toString('latin1', 0, signature.length) === signature;
  yield* isFile ? decodeJournal(all, context) : decodeExport(all, context);
}

async function* withHead(head: Buffer, chunks: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  if (head.length > 0) yield head;
  for (let next = await chunks.next(); next.done !== true; next = await chunks.next()) yield next.value;
}
