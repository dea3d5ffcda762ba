import type { Problem } from '../../../base/problem.ts';
import type { VakthundEvent } from '../../../events/event.ts';
import type { PacketIndexSink } from '../../packet-index.ts';
import type { TlsSecrets } from '../../tls-secrets.ts';
import { CaptureDecoder } from './capture-decoder.ts';
import type { FilePosition } from './files/capture-file.ts';
import { mergeProblems, PartMerge } from './parts/merge.ts';
import { JoinedIndex } from './parts/part-index.ts';
import { PartThreads } from './parts/threads.ts';
import { protocols } from './protocols/registry.generated.ts';

/** What reading a capture gives, piece by piece; the last piece tells where it stopped. */
export interface Portion {
  readonly events: VakthundEvent[];
  readonly problems: Problem[];
  readonly end?: { readonly position: FilePosition | undefined; readonly packets: number };
}

export interface ReadingOptions {
  readonly secrets?: TlsSecrets | undefined;
  readonly index?: PacketIndexSink | undefined;
  readonly from?: { readonly position: FilePosition; readonly packets: number } | undefined;
}

/** Events of one portion, at least; a chunk's may be more. */
const portionEvents = 2000;
/** Pieces that are handed out ahead of what is taken: enough that no thread waits for the next. */
const maxAhead = 3;

/** Reads a capture in this thread. Nothing comes of nothing. */
export async function* readAlone(
  content: AsyncIterable<Uint8Array>,
  { secrets, index, from }: ReadingOptions,
): AsyncGenerator<Portion> {
  const decoder = new CaptureDecoder({
    protocols: Object.values(protocols),
    checksums: 'auto',
    ...(secrets === undefined ? {} : { secrets }),
    ...(from === undefined ? {} : { from }),
    ...(index === undefined ? {} : { index }),
  });
  let isEmpty = true;
  for await (const chunk of content) {
    isEmpty &&= chunk.length === 0;
    decoder.push(chunk);
    if (decoder.pendingEvents < portionEvents) continue;
    yield { events: decoder.takeEvents(), problems: decoder.takeProblems(false) };
  }
  if (isEmpty) return;
  decoder.finish();
  const { position, packets } = decoder;
  yield { events: decoder.takeEvents(), problems: decoder.takeProblems(true), end: { position, packets } };
}

/**
 * Reads a capture in so many threads (docs/decisions/0031-captures-are-read-in-parts.md): the same events, those of one packet in another
 * order. Secrets that stand beside the capture are for `readAlone`.
 */
export async function* readInParts(
  content: AsyncIterable<Uint8Array>,
  parts: number,
  { index, from }: ReadingOptions,
): AsyncGenerator<Portion> {
  const threads = new PartThreads(parts, { checksums: 'auto', from, isIndexed: index !== undefined });
  const merge = new PartMerge();
  const joined = index === undefined ? undefined : new JoinedIndex(index, from?.packets ?? 0);
  const portion = async (): Promise<Portion | undefined> => {
    const answers = await threads.answers();
    if (answers === undefined) return undefined;
    joined?.add(answers.flatMap((answer) => answer.index ?? []));
    const end = answers[0]?.end;
    const rest = { events: merge.events(answers), problems: mergeProblems(answers) };
    return end === undefined ? rest : { ...rest, end };
  };
  try {
    let isEmpty = true;
    for await (const chunk of content) {
      isEmpty &&= chunk.length === 0;
      threads.read(chunk);
      while (threads.ahead > maxAhead) {
        const next = await portion();
        if (next !== undefined) yield next;
      }
    }
    if (isEmpty) return;
    threads.finish();
    for (let next = await portion(); next !== undefined; next = await portion()) yield next;
  } finally {
    await threads.close();
  }
}
