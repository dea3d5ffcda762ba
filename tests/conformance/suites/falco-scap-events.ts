import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { ProblemList } from '../../../src/base/problem.ts';
import { CaptureReader } from '../../../src/collect/sources/scap/capture.ts';
import type { Field } from '../../../src/collect/sources/scap/fields/field.ts';
import { resolveField } from '../../../src/collect/sources/scap/fields/resolve.ts';
import type { ScapRecord } from '../../../src/collect/sources/scap/record.ts';
import type { Suite, SuiteFailure, SuiteResult } from '../suite.ts';

/**
 * Captures as sysdig 0.29.3 shows them: `captures/X.scap` with one JSON object of fields for each event in
 * `captures/expected/X.scap.events.jsonl.gz`. A case is an event; its fields must all be equal, and so must the number
 * of events, which is one more case for each capture.
 */
const folder = 'falco/captures';

type Row = Readonly<Record<string, unknown>>;

export const suite: Suite = {
  id: 'falco/scap-events',
  run(corpus): Promise<SuiteResult> {
    const tally: Tally = { total: 0, values: 0, misread: 0, failed: [] };
    for (const name of globSync('*.scap', { cwd: join(corpus, folder) }).sort()) runCapture(corpus, name, tally);
    const { total, failed } = tally;
    const figures = { values: tally.values, misread_by_sysdig: tally.misread };
    return Promise.resolve({ total, passed: total - failed.length, skipped: 0, failed, figures });
  },
};

interface Tally {
  total: number;
  values: number;
  /** Values that sysdig 0.29.3 itself got wrong. */
  misread: number;
  readonly failed: SuiteFailure[];
}

function runCapture(corpus: string, name: string, tally: Tally): void {
  const answers = join(corpus, folder, 'expected', `${name}.events.jsonl.gz`);
  if (!existsSync(answers)) return;
  const rows = readRows(answers);
  let shown = 0;
  for (const record of eventsOf(readFileSync(join(corpus, folder, name)))) {
    const want = rows[shown++];
    if (want === undefined) continue;
    tally.total++;
    const wrong = firstDifference(record, want, tally);
    if (wrong !== undefined) tally.failed.push({ case: `${name} event ${String(want['evt.num'])}`, ...wrong });
  }
  tally.total++;
  if (shown !== rows.length) tally.failed.push({ case: name, got: `${shown} events`, want: `${rows.length} events` });
}

function* eventsOf(file: Buffer): Generator<ScapRecord> {
  const reader = new CaptureReader(new ProblemList());
  reader.feed(file[0] === 0x1f ? gunzipSync(file) : file);
  reader.end();
  for (let record = reader.next(); record !== undefined; record = reader.next()) yield record;
}

/** Times in nanoseconds are too large for numbers: they are read as big integers. */
function readRows(path: string): Row[] {
  const lines = gunzipSync(readFileSync(path)).toString('utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line, exactNumber) as Row);
}

function exactNumber(this: unknown, _key: string, value: unknown, context?: { readonly source?: string }): unknown {
  const isInexact = typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value);
  return isInexact && context?.source !== undefined ? BigInt(context.source) : value;
}

function firstDifference(record: ScapRecord, want: Row, tally: Tally): { got: string; want: string } | undefined {
  let first: { got: string; want: string } | undefined;
  for (const [name, value] of Object.entries(want)) {
    tally.values++;
    const got = fieldOf(name)?.get(record) ?? null;
    if (String(got) === String(value)) continue;
    if (isMisread(name, value, want)) tally.misread++;
    else first ??= { got: `${name}: ${String(got)}`, want: `${name}: ${String(value)}` };
  }
  return first;
}

const known = new Map<string, Field | undefined>();

function fieldOf(name: string): Field | undefined {
  if (!known.has(name)) {
    const [, base = name, argument] = /^([^[]+)\[(.+)\]$/.exec(name) ?? [];
    const field = resolveField(base, argument);
    known.set(name, 'absent' in field ? undefined : field);
  }
  return known.get(name);
}

/**
 * What this sysdig is known to get wrong, told from its own answer:
 * - `group.gid` is read as 64 bits of a 32-bit field: there are no ids past 32 bits.
 * - Entries of newer process lists begin with fields that it does not know: the log-in user is then an impossible number
 *   below -1, and the terminal of such a process is never read.
 * - `fd.cport` of a UNIX socket, which has no port, is 0 when the socket has a name or an owner.
 */
function isMisread(name: string, value: unknown, want: Row): boolean {
  switch (name) {
    case 'group.gid':
      return Number(value) > 0xffff_ffff;
    case 'user.loginuid':
    case 'proc.tty':
      return Number(want['user.loginuid']) < -1;
    case 'fd.cport':
      return value === 0 && want['fd.type'] === 'unix';
    default:
      return false;
  }
}
