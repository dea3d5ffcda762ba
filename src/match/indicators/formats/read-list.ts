import type { Problem } from '../../../base/problem.ts';
import type { Indicator, IndicatorFormat } from '../format.ts';

/** Everything a format reads in a text that comes in small pieces: for the tests of the formats. */
export async function readList(
  format: IndicatorFormat,
  text: string | Uint8Array,
): Promise<{ indicators: Indicator[]; problems: Problem[]; told: string[] }> {
  const indicators: Indicator[] = [];
  const problems: Problem[] = [];
  for await (const batch of format.parse(pieces(typeof text === 'string' ? Buffer.from(text) : text))) {
    indicators.push(...batch.indicators);
    problems.push(...batch.problems);
  }
  return { indicators, problems, told: indicators.map(({ kind, value }) => `${kind} ${value}`) };
}

async function* pieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 61) yield bytes.subarray(at, at + 61);
}
