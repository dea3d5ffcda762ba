import type { ProblemList } from '../../../base/problem.ts';
import { readLines } from '../../lines.ts';
import { contentStart, type Batch, type DecodeContext } from '../../source.ts';
import { decodeTextLines } from '../../text-lines.ts';
import { KeyLog } from '../../tls-secrets.ts';

/** Tells lines that are no entries, without showing them: they may be secrets that were cut. */
export function decode(content: AsyncIterable<Uint8Array>, context: DecodeContext): AsyncGenerator<Batch> {
  const checked = new KeyLog();
  return decodeTextLines(content, context, () => ({
    line(text: string, line: number, problems: ProblemList) {
      if (!checked.add(text)) {
        problems.add({ code: 'bad-record', at: { line }, message: 'a line is no entry of a TLS key log' });
      }
      return [];
    },
  }));
}

/** Takes the entries of a key log in; what is none is passed over. */
export async function readSecrets(content: AsyncIterable<Uint8Array>, into: KeyLog): Promise<void> {
  for await (const { bytes, starts, ends, count } of readLines(content, { start: contentStart, growing: false })) {
    for (let index = 0; index < count; index++) into.add(bytes.toString('latin1', starts[index], ends[index]));
  }
}
