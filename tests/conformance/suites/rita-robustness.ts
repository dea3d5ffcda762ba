import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { source } from '../../../src/collect/sources/zeek/index.ts';
import type { Suite, SuiteFailure, SuiteResult } from '../suite.ts';
import { decodeZeek, fieldsOf, readWhole, type Decoded } from './ingest-zeek-ways/decode.ts';
import { dataLines, oddLines, readLog } from './ingest-zeek-ways/log-text.ts';
import { lostValues } from './ingest-zeek-ways/values.ts';

/** Damaged and foreign files that RITA's parser is tried with, and what it says to each, in words: one case a file. */
const pattern = 'network/rita/*robustness*.json';
/** Every field that Zeek writes, with its log; the others are unknown. */
const knownFields = 'network/zeek_fields.tsv';

interface Trial {
  readonly file: string;
  readonly text: string;
  readonly decoded: Decoded;
  /** Fields of Zeek's own logs, by any of them. */
  readonly known: ReadonlySet<string>;
}

/** What a sentence of the expected file asks for, by its words; the first that fits counts. Each gives what is wrong. */
const judges: readonly (readonly [words: RegExp, judge: (trial: Trial) => string | undefined])[] = [
  [/not a zeek log|no rows/i, foreign],
  [/header/i, withoutHeader],
  [/truncated/i, truncated],
  [/rows parsed|no error/i, whole],
];

export const suite: Suite = { id: 'rita/robustness', run };

async function run(corpus: string): Promise<SuiteResult> {
  const failed: SuiteFailure[] = [];
  let total = 0;
  let skipped = 0;
  const known = readKnown(join(corpus, knownFields));
  for (const list of globSync(pattern, { cwd: corpus }).sort()) {
    const expected = JSON.parse(readFileSync(join(corpus, list), 'utf8')) as Readonly<Record<string, unknown>>;
    for (const { file, want } of casesOf(expected)) {
      total++;
      const path = join(corpus, dirname(list), file);
      const judge = judges.find(([words]) => words.test(want))?.[1];
      if (judge === undefined || !existsSync(path)) {
        skipped++;
        continue;
      }
      const content = await readWhole(path);
      const decoded = await decodeZeek(file, content);
      const got = judge({ file, text: content.toString('utf8'), decoded, known });
      if (got !== undefined) failed.push({ case: file, got, want });
    }
  }
  return { total, passed: total - skipped - failed.length, skipped, failed };
}

/** `{ folder: { file: sentence } }`; what is not a folder is a note. */
function casesOf(expected: Readonly<Record<string, unknown>>): { file: string; want: string }[] {
  return Object.entries(expected).flatMap(([folder, files]) => {
    if (typeof files !== 'object' || files === null) return [];
    return Object.entries(files).map(([file, want]) => ({ file: `${folder}/${file}`, want: String(want) }));
  });
}

function readKnown(path: string): ReadonlySet<string> {
  if (!existsSync(path)) return new Set();
  const lines = readFileSync(path, 'utf8').split('\n');
  return new Set(lines.map((line) => line.split('\t')[1]?.split(':')[0] ?? ''));
}

function foreign({ file, text, decoded }: Trial): string | undefined {
  if (source.detect(file, Buffer.from(text)) === undefined) return undefined;
  return decoded.events.length === 0 && decoded.problems.length > 0 ? undefined : summary(decoded);
}

function withoutHeader({ decoded }: Trial): string | undefined {
  const isTold = decoded.problems.some(({ code }) => code === 'bad-header');
  return isTold && decoded.events.length === 0 ? undefined : summary(decoded);
}

/** The last line is told of, and all the others are read. */
function truncated({ text, decoded }: Trial): string | undefined {
  const lines = text.trimEnd().split('\n');
  const [problem, ...others] = decoded.problems;
  const isTold = (problem?.code === 'truncated' || problem?.code === 'bad-record') && problem.at.line === lines.length;
  const isRead = decoded.events.length === dataLines(text).length - 1;
  return isTold && others.length === 0 && isRead ? undefined : summary(decoded);
}

/** Every row is read without a problem, with all its values, and those of unknown columns stand under their own names. */
function whole({ text, decoded, known }: Trial): string | undefined {
  const { events } = decoded;
  const oddOnes = oddLines(text);
  // RITA reads a row with too few cells without a word; ours reads it too, and tells.
  const problems = decoded.problems.filter(({ code, at }) => code !== 'bad-record' || !oddOnes.has(at.line ?? 0));
  const wrong = events.length === dataLines(text).length && problems.length === 0 ? [] : [summary(decoded)];
  const rows = readLog(text);
  const lost = lostValues(rows, events).flat();
  if (lost.length > 0) wrong.push(`lost: ${lost.join(', ')}`);
  for (const [index, row] of rows.entries()) {
    const event = events[index];
    const fields = event === undefined ? {} : fieldsOf(event);
    const unknown = [...row.keys()].filter((field) => known.size > 0 && !known.has(field));
    wrong.push(...unknown.filter((field) => !Object.hasOwn(fields, field)).map((field) => `${field} not in fields`));
  }
  return wrong.length > 0 ? wrong.join('; ') : undefined;
}

function summary({ events, problems }: Decoded): string {
  const told = problems.map(({ code, at }) => `${code} at line ${at.line ?? '?'}`);
  return [`${events.length} rows`, ...told].join(', ');
}
