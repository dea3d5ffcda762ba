import { quote, ProblemList } from '../../base/problem.ts';
import type { Indicator, IndicatorFormat } from './format.ts';
import { formats, type FormatId } from './formats/registry.generated.ts';
import { peek } from './reading/peek.ts';

/** How much of a list the formats see to recognise it. */
const headBytes = 64 * 1024;

export interface IndicatorFile {
  /** Undefined when no format recognises the content: then there are no indicators, and a problem says so. */
  readonly format: FormatId | undefined;
  /** Entries in the order of the list, in batches: read it to the end. */
  readonly indicators: AsyncIterable<readonly Indicator[]>;
  /** Fills while `indicators` is read, bounded per code. */
  readonly problems: ProblemList;
}

/**
 * Opens a list of indicators: recognises its format and reads it as a stream, never whole. `bytes` are decompressed
 * already. A failing read ends the stream with its error; content never does.
 */
export async function loadIndicatorFile(name: string, bytes: AsyncIterable<Uint8Array>): Promise<IndicatorFile> {
  const { head, content } = await peek(bytes, headBytes);
  const problems = new ProblemList();
  const format = recognise(name, head);
  if (format === undefined) {
    const hint = hintFor(head);
    const message = `no list format recognises ${quote(name)}; nothing of it was read`;
    problems.add({ code: 'unknown-format', at: {}, message, ...(hint === undefined ? {} : { hint }) });
    return { format: undefined, indicators: nothing(), problems };
  }
  return { format: format.id, indicators: entriesOf(format, content, problems), problems };
}

/** Name under which a list is cited: the file name without folders and its usual endings. */
export function listNameOf(path: string): string {
  const file = path.split(/[/\\!]/).findLast((part) => part !== '') ?? path;
  return (
    file
      .replace(/\.(?:gz|zst|bz2|xz)$/i, '')
      .replace(/\.(?:txt|csv|tsv|json|ioc|list|ipset|netset|dat|zone|hosts)$/i, '') || file
  );
}

function recognise(name: string, head: Uint8Array): IndicatorFormat<FormatId> | undefined {
  const text = new TextDecoder('utf-8', { fatal: false }).decode(head);
  let best: IndicatorFormat<FormatId> | undefined;
  let bestScore = 0;
  for (const format of Object.values(formats) as IndicatorFormat<FormatId>[]) {
    const score = format.detect(name, text);
    if (score <= bestScore) continue;
    best = format;
    bestScore = score;
  }
  return best;
}

async function* entriesOf(
  format: IndicatorFormat,
  content: AsyncIterable<Uint8Array>,
  problems: ProblemList,
): AsyncGenerator<readonly Indicator[]> {
  for await (const batch of format.parse(content)) {
    for (const problem of batch.problems) problems.add(problem);
    if (batch.indicators.length > 0) yield batch.indicators;
  }
}

// eslint-disable-next-line require-yield
async function* nothing(): AsyncGenerator<readonly Indicator[]> {}

function hintFor(head: Uint8Array): string | undefined {
  if (head[0] === 0x1f && head[1] === 0x8b) return 'it is compressed with gzip: decompress it first';
  if ((head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff)) {
    return 'it is UTF-16 text: save it as UTF-8';
  }
  return head.length === 0 ? 'it is empty' : undefined;
}
