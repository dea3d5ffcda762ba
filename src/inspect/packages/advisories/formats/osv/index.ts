import { decodeUtf8 } from '../../../../../base/bytes.ts';
import { messageOf } from '../../../../../base/errors.ts';
import { badRecord, defineAdvisoryFormat, type FeedEntry, type FeedFile } from '../../format.ts';
import { toOsvRecord } from '../../osv.ts';

export const format = defineAdvisoryFormat({
  id: 'osv',
  title: 'OSV',
  description:
    'Records of the Open Source Vulnerability format: one as a JSON file, many as lines or as a list. GitHub, PyPA, Go, Debian, Alpine, Ubuntu, Red Hat, SUSE, Rocky, Alma, Chainguard, Bitnami and the malicious packages of OpenSSF are published so.',
  references: ['https://ossf.github.io/osv-schema/', 'https://google.github.io/osv.dev/data/'],
  detect(path, head) {
    if (!/^\s*[[{]/.test(head)) return 0;
    if (/"schema_version"\s*:/.test(head) && /"affected"\s*:|"modified"\s*:/.test(head)) return 3;
    return /"id"\s*:/.test(head) && (/"affected"\s*:\s*\[/.test(head) || /\.osv\.(?:nd)?jsonl?$/.test(path)) ? 2 : 0;
  },
  *read(file) {
    const whole = parseWhole(file);
    if (whole === undefined) yield* readLines(file);
    else for (const value of whole) yield entryOf(value, file.path);
  },
});

/** Records of a file that is one JSON value; undefined when it has one on each line. */
function parseWhole({ bytes }: FeedFile): readonly unknown[] | undefined {
  const firstLine = bytes.indexOf(0x0a);
  // A line that ends as its record does begins a file of lines.
  if (firstLine > 0 && bytes[firstLine - 1] === 0x7d && bytes.length > firstLine + 1) return undefined;
  try {
    const value: unknown = JSON.parse(decodeUtf8(bytes));
    return Array.isArray(value) ? value : [value];
  } catch {
    return undefined;
  }
}

function* readLines({ path, bytes }: FeedFile): Generator<FeedEntry> {
  let line = 0;
  for (let start = 0; start < bytes.length;) {
    const found = bytes.indexOf(0x0a, start);
    const end = found < 0 ? bytes.length : found;
    const text = decodeUtf8(bytes.subarray(start, end)).trim();
    start = end + 1;
    line++;
    if (text === '') continue;
    try {
      yield entryOf(JSON.parse(text), path, line);
    } catch (error) {
      yield badRecord(path, messageOf(error), line);
    }
  }
}

function entryOf(value: unknown, path: string, line?: number): FeedEntry {
  const record = toOsvRecord(value);
  return record === undefined ? badRecord(path, 'a record has no id', line) : { kind: 'advisory', record };
}
