import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { source as evtx } from '../../../src/collect/sources/evtx/index.ts';
import { source as windowsJson } from '../../../src/collect/sources/windows-json/index.ts';
import type { Suite, SuiteFailure, SuiteResult } from '../suite.ts';
import { readArchive } from './evtx-cases/archive.ts';
import { decodeAll, errorsOf, fieldsOf, type Decoded } from './evtx-cases/decode.ts';
import { dumpLeaves } from './evtx-cases/dump-leaves.ts';

/**
 * SigmaHQ's regression data: each `X.evtx` with what evtx_dump made of it in `X.json`, one document or several. Every value
 * of the dump has to stand in our record with its type and nothing else may, and the dump read as JSON has to give the
 * same events. The dumps are of a version of evtx_dump that cut white space off the end of text; Windows wrote it, later
 * versions keep it, and so do we: both sides are compared without it, and the values that have it are counted.
 */
export const suite: Suite = {
  id: 'evtx/values',
  async run(corpus): Promise<SuiteResult> {
    const files = await readArchive(join(corpus, 'host/sigma/regression-evtx-corpus.tar.gz'));
    const failed: SuiteFailure[] = [];
    let total = 0;
    let skipped = 0;
    let records = 0;
    let values = 0;
    let padded = 0;
    for (const [name, bytes] of files) {
      if (!name.endsWith('.evtx')) continue;
      total++;
      const dump = files.get(name.replace(/\.evtx$/, '.json'));
      if (dump === undefined) {
        skipped++;
        continue;
      }
      const ours = await decodeAll(evtx, name, bytes);
      const theirs = await decodeAll(windowsJson, name, dump);
      const documents = splitDocuments(dump.toString('utf8'));
      const wrong = problemOf(ours) ?? differenceToDump(ours, documents) ?? differenceOfEvents(ours, theirs);
      if (wrong !== undefined) failed.push({ case: name, ...wrong });
      for (const event of ours.events) {
        const texts = Object.values(fieldsOf(event));
        records++;
        values += texts.length;
        padded += texts.filter((text) => text !== withoutEnd(text)).length;
      }
    }
    const passed = total - skipped - failed.length;
    return { total, passed, skipped, failed, figures: { records, values, ending_in_blanks: padded } };
  },
};

type Difference = { readonly got: string; readonly want: string } | undefined;

function problemOf({ problems }: Decoded): Difference {
  const [error] = errorsOf(problems);
  return error === undefined ? undefined : { got: JSON.stringify(error), want: 'no error' };
}

function differenceToDump({ events }: Decoded, documents: readonly unknown[]): Difference {
  if (events.length !== documents.length) return { got: `${events.length} records`, want: `${documents.length}` };
  for (const [index, document] of documents.entries()) {
    const fields = new Map(Object.entries(fieldsOf(events[index])));
    for (const { name, value } of dumpLeaves(document)) {
      const got = fields.get(name);
      if (!isDeepStrictEqual(withoutEnd(got), withoutEnd(value))) {
        return { got: `${name} ${JSON.stringify(got)}`, want: JSON.stringify(value) };
      }
      fields.delete(name);
    }
    const [extra] = fields.keys();
    if (extra !== undefined) return { got: `a field ${extra}`, want: 'none' };
  }
  return undefined;
}

/** The places in the two files differ, and so do the spellings of `fields`, which were compared. */
const notCompared = new Set(['evidence_at', 'fields']);

function differenceOfEvents(ours: Decoded, theirs: Decoded): Difference {
  if (ours.events.length !== theirs.events.length) {
    return { got: `${theirs.events.length} events of the JSON`, want: String(ours.events.length) };
  }
  for (const [index, event] of ours.events.entries()) {
    const other = new Map<string, unknown>(Object.entries(theirs.events[index] ?? {}));
    for (const [name, want] of Object.entries(event)) {
      const got = other.get(name);
      if (notCompared.has(name) || isDeepStrictEqual(withoutEnd(got), withoutEnd(want))) continue;
      return { got: `${name} ${JSON.stringify(got)} of the JSON`, want: JSON.stringify(want) };
    }
  }
  return undefined;
}

/** What is compared of a value. Versions of evtx_dump differ in what an empty one is: null, or a text of no length. */
function withoutEnd(value: unknown): unknown {
  if (value === undefined || value === null) return '';
  if (Array.isArray(value)) return value.map(withoutEnd);
  return typeof value === 'string' ? value.trimEnd() : value;
}

/** Documents that stand one behind another; each begins with a brace at the start of its line. */
function splitDocuments(text: string): unknown[] {
  const parts = text.replace(/^\uFEFF/, '').split(/\r?\n(?=\{)/);
  return parts.filter((part) => part.trim() !== '').map((part) => JSON.parse(part) as unknown);
}
