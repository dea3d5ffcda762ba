import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { source } from '../../../src/collect/sources/evtx/index.ts';
import type { VakthundEvent } from '../../../src/events/event.ts';
import type { Suite, SuiteFailure, SuiteResult } from '../suite.ts';
import { readArchive } from './evtx-cases/archive.ts';
import { decodeAll, errorsOf, fieldsOf, type Decoded } from './evtx-cases/decode.ts';

/** What `expected.json` says of a file: of attacks each event, of odd files what two other readers make of them. */
interface Expected {
  readonly file: string;
  readonly records?: number;
  readonly events?: readonly { readonly EventRecordID: number; readonly EventID: string; readonly Channel: string }[];
  readonly libevtx_xml_records?: number;
  readonly event_ids?: Readonly<Record<string, number>>;
  readonly rust_evtx_ok_err?: readonly [number, number] | null;
}

type Difference = { readonly got: string; readonly want: string } | undefined;

/** Event logs of attacks, and damaged, odd and large ones: records, errors and event ids as stated. */
export const suite: Suite = {
  id: 'evtx/robustness',
  async run(corpus): Promise<SuiteResult> {
    const expectedFile = join(corpus, 'host/evtx/expected.json');
    if (!existsSync(expectedFile)) return { total: 0, passed: 0, skipped: 0, failed: [] };
    const files = await readArchive(join(corpus, 'host/evtx/evtx.tar.gz'));
    const cases = JSON.parse(readFileSync(expectedFile, 'utf8')) as Expected[];
    const failed: SuiteFailure[] = [];
    let skipped = 0;
    let records = 0;
    let problems = 0;
    for (const expected of cases) {
      const bytes = files.get(expected.file);
      if (bytes === undefined) {
        skipped++;
        continue;
      }
      const decoded = await decodeAll(source, expected.file, bytes);
      records += decoded.events.length;
      problems += decoded.problems.reduce((sum, problem) => sum + (problem.count ?? 1), 0);
      const wrong = differenceOf(decoded, expected);
      if (wrong !== undefined) failed.push({ case: expected.file, ...wrong });
    }
    const passed = cases.length - skipped - failed.length;
    return { total: cases.length, passed, skipped, failed, figures: { records, problems } };
  },
};

function differenceOf(decoded: Decoded, expected: Expected): Difference {
  return expected.events === undefined ? oddDifference(decoded, expected) : attackDifference(decoded, expected.events);
}

function attackDifference({ events, problems }: Decoded, wanted: NonNullable<Expected['events']>): Difference {
  if (problems.length > 0) return { got: JSON.stringify(problems[0]), want: 'no problem' };
  const got = events.map((event) => told(fieldsOf(event)));
  const want = wanted.map((event) => told({ ...event }));
  const at = want.findIndex((text, index) => text !== got[index]);
  if (at >= 0) return { got: got[at] ?? 'no record', want: want[at] ?? '' };
  return got.length === want.length ? undefined : { got: `${got.length} records`, want: `${want.length}` };
}

function told(fields: Readonly<Record<string, unknown>>): string {
  return `${String(fields['EventRecordID'])} ${String(fields['EventID'])} ${String(fields['Channel'])}`;
}

/** The counts of evtx_dump are exact; where they are not stated, libevtx has found at least as many records. */
function oddDifference({ events, problems }: Decoded, expected: Expected): Difference {
  const stated = expected.rust_evtx_ok_err ?? undefined;
  const least = expected.libevtx_xml_records ?? 0;
  const isRight = stated === undefined ? events.length >= least : events.length === stated[0];
  if (!isRight) return { got: `${events.length} records`, want: String(stated?.[0] ?? least) };
  const errors = errorsOf(problems).length;
  if (stated !== undefined && errors !== stated[1]) return { got: `${errors} errors`, want: String(stated[1]) };
  return idsDifference(events, expected.event_ids ?? {});
}

function idsDifference(events: readonly VakthundEvent[], wanted: Readonly<Record<string, number>>): Difference {
  const counts = new Map<string, number>();
  for (const event of events) {
    const id = String(fieldsOf(event)['EventID']);
    counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  const wrong = Object.entries(wanted).find(([id, count]) => (counts.get(id) ?? 0) < count);
  return wrong === undefined
    ? undefined
    : { got: `${counts.get(wrong[0]) ?? 0} events ${wrong[0]}`, want: String(wrong[1]) };
}
