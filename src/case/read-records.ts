import { messageOf, VakthundError } from '../base/errors.ts';
import type { Logger } from '../base/logger.ts';
import { ProblemList, type Problem } from '../base/problem.ts';
import { readContent, readHead } from '../collect/open/content.ts';
import type { Leaf } from '../collect/open/leaf.ts';
import type { OpenLimits } from '../collect/open/limits.ts';
import { openFile } from '../collect/open/open-file.ts';
import { walkEvidence } from '../collect/open/walk.ts';
import { contentStart, type Source } from '../collect/source.ts';
import type { RuleLanguage } from '../detect/rules/rule-language.ts';
import { eventFormat } from '../match/event-format.ts';
import type { RecordFormat, RecordStream } from '../match/record-stream.ts';
import { findSource } from './find-source.ts';

const headBytes = 65_536;

export interface ReadRecordsOptions {
  readonly limits: OpenLimits;
  /** Folder for members of archives; made and removed by the caller. */
  readonly spoolFolder: string;
  readonly logger: Logger;
  readonly signal: AbortSignal | undefined;
}

/**
 * Asks who wants the records of a content in a format; undefined when nobody does, and then they are not read.
 * A content comes as records of a format that rules are written for, where there is one, and as our own events.
 */
export type OpenVisitor = (format: RecordFormat<unknown>, path: string) => ((record: unknown) => void) | undefined;

/** Reads evidence as it streams, without a case, and shows its records. Returns what could not be read. */
export async function readRecords(
  paths: readonly string[],
  languages: readonly RuleLanguage[],
  options: ReadRecordsOptions,
  openVisitor: OpenVisitor,
): Promise<Problem[]> {
  const problems: Problem[] = [];
  for (const found of walkEvidence(paths)) {
    if ('problem' in found) {
      problems.push(found.problem);
      continue;
    }
    for await (const opened of openFile(found.file, options)) {
      options.signal?.throwIfAborted();
      if ('problem' in opened) problems.push(opened.problem);
      else problems.push(...(await readLeaf(opened.leaf, languages, options, openVisitor)));
    }
  }
  return problems;
}

async function readLeaf(
  leaf: Leaf,
  languages: readonly RuleLanguage[],
  options: ReadRecordsOptions,
  openVisitor: OpenVisitor,
): Promise<Problem[]> {
  const problems = new ProblemList();
  try {
    await new LeafReader(leaf, options, problems).read(languages, openVisitor);
  } catch (error) {
    if (options.signal?.aborted === true || error instanceof VakthundError) throw error;
    problems.add({ code: 'unreadable', at: {}, message: messageOf(error) });
  } finally {
    leaf.dispose();
  }
  return problems.drain().map((problem) => ({ ...problem, at: { path: leaf.path, ...problem.at } }));
}

class LeafReader {
  readonly #leaf: Leaf;
  readonly #options: ReadRecordsOptions;
  readonly #problems: ProblemList;

  constructor(leaf: Leaf, options: ReadRecordsOptions, problems: ProblemList) {
    this.#leaf = leaf;
    this.#options = options;
    this.#problems = problems;
  }

  async read(languages: readonly RuleLanguage[], openVisitor: OpenVisitor): Promise<void> {
    const { path } = this.#leaf;
    const head = await readHead(this.#open(), headBytes);
    const own = ownStream(path, head, languages);
    const source = own === undefined ? findSource(path, head) : undefined;
    const records = own ?? source?.records;
    const visitor = records === undefined ? undefined : openVisitor(records, path);
    if (records !== undefined && visitor !== undefined) {
      await records.read(this.#open(), visitor, { name: path, problems: this.#problems });
      return;
    }
    if (source !== undefined) await this.#events(source, openVisitor);
    else if (own === undefined) {
      const hint = 'docs/reference/sources.md lists what is read';
      this.#problems.add({ code: 'unknown-format', at: {}, message: 'no source recognises the content', hint });
    }
  }

  #open(): AsyncIterable<Uint8Array> {
    const { diskPath, compression } = this.#leaf;
    return readContent(diskPath, compression, this.#options.limits, (problem) => this.#problems.add(problem));
  }

  async #events(source: Source, openVisitor: OpenVisitor): Promise<void> {
    const { path } = this.#leaf;
    // The events that are shown are rows: any event by its columns.
    const visitor = openVisitor(eventFormat as unknown as RecordFormat<unknown>, path);
    if (visitor === undefined) return;
    const { modified } = this.#leaf;
    const context = { name: path, start: contentStart, growing: false, modified, logger: this.#options.logger };
    for await (const batch of source.decode(this.#open(), context)) {
      this.#options.signal?.throwIfAborted();
      for (const event of batch.events) visitor(event);
      for (const problem of batch.problems) this.#problems.add(problem);
    }
  }
}

/** A format that one of the languages brings itself. */
function ownStream(name: string, head: Uint8Array, languages: readonly RuleLanguage[]): RecordStream | undefined {
  for (const language of languages) {
    const found = language.streams?.find((stream) => stream.detect(name, head) !== undefined);
    if (found !== undefined) return found.records;
  }
  return undefined;
}
