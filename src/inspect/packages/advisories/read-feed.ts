import { decodeUtf8 } from '../../../base/bytes.ts';
import type { AdvisoryFormat, FeedEntry, FeedFile } from './format.ts';
import { advisoryFormats } from './formats/registry.generated.ts';

const headBytes = 1 << 16;
/** The highest that a format says of a file. */
const sure = 3;
const formats: readonly AdvisoryFormat[] = Object.values(advisoryFormats);

/**
 * The format of a file, by its path and beginning; undefined when none knows it. `likely` is asked first, and the others only where it is not sure: an
 * archive has hundreds of thousands of members of one format.
 */
export function formatOf({ path, bytes }: FeedFile, likely?: AdvisoryFormat): AdvisoryFormat | undefined {
  const head = decodeUtf8(bytes.subarray(0, headBytes));
  if (likely?.detect(path, head) === sure) return likely;
  let best: AdvisoryFormat | undefined;
  let bestScore = 0;
  for (const format of formats) {
    const score = format.detect(path, head);
    if (score > bestScore) [best, bestScore] = [format, score];
  }
  return best;
}

/** What a file gives; a problem alone when no format knows it. Texts about the data (licences, readmes) are passed over. */
export function* readFeed(file: FeedFile, format: AdvisoryFormat | undefined): Generator<FeedEntry> {
  if (format !== undefined) yield* format.read(file);
  else if (!isAside(file.path)) {
    const message = 'no format of advisories knows it; nothing of it was read';
    yield { kind: 'problem', problem: { code: 'unknown-format', at: { path: file.path }, message } };
  }
}

function isAside(path: string): boolean {
  return /(?:^|[/\\!])(?:LICEN[CS]E|COPYING|README|CHANGELOG|CONTRIBUTING)[^/\\!]*$/i.test(path);
}
