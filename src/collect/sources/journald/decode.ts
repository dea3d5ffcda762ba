import { peek } from '../../peek.ts';
import type { Batch, DecodeContext } from '../../source.ts';
import { decodeExport } from './export.ts';
import { decodeJournal } from './file/decode.ts';
import { signature } from '../../linux/journal/header.ts';

/** A journal begins with its signature; a checkpoint within an export is never at the beginning of one. */
export async function* decode(content: AsyncIterable<Uint8Array>, context: DecodeContext): AsyncGenerator<Batch> {
  const { head, content: all } = await peek(content, context.start.byte === 0 ? signature.length : 0);
  const isFile = head.toString('latin1', 0, signature.length) === signature;
  yield* isFile ? decodeJournal(all, context) : decodeExport(all, context);
}
