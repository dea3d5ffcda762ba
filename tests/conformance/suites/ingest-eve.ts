import { globSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { VakthundEvent } from '../../../src/events/event.ts';
import type { Suite, SuiteFailure, SuiteResult } from '../suite.ts';
import { decodeByObjects, decodeEve, differences } from './ingest-eve-ways/ways.ts';

/**
 * EVE files with the number of records of each type (`expected.json` beside them). A case for each count, and one for each
 * record: its event must have the kind, the time, the ends and the flow id of the line, and both ways of decoding must
 * give the same event.
 */
const pattern = 'network/eve/*.eve.json*';

/** What the record types of EVE become; every other is a log. */
const kinds: Readonly<Record<string, string>> = {
  alert: 'alert',
  arp: 'device',
  dhcp: 'dhcp',
  dns: 'dns',
  fileinfo: 'file_transfer',
  flow: 'flow',
  http: 'http',
  netflow: 'flow',
  quic: 'quic',
  smtp: 'smtp',
  ssh: 'ssh',
  tls: 'tls',
};

interface Expected {
  readonly rows: number;
  readonly event_types: Readonly<Record<string, number>>;
}

export const suite: Suite = { id: 'ingest/eve', run };

async function run(corpus: string): Promise<SuiteResult> {
  const failed: SuiteFailure[] = [];
  let total = 0;
  for (const file of globSync(pattern, { cwd: corpus }).sort()) {
    const bytes = readContent(join(corpus, file));
    const lines = bytes
      .toString('utf8')
      .split('\n')
      .filter((line) => line !== '');
    const { events, problems } = await decodeEve(bytes);
    const expected = JSON.parse(readFileSync(join(corpus, dirname(file), 'expected.json'), 'utf8')) as Expected;
    const counted = countCases(file, expected, events, problems.length);
    const byObjects = await decodeByObjects(bytes);
    const perLine = lines.flatMap(
      (line, index) => lineFailure(`${basename(file)}:${index + 1}`, line, events[index], byObjects) ?? [],
    );
    total += Object.keys(expected.event_types).length + 3 + lines.length;
    failed.push(...counted, ...perLine);
  }
  return { total, passed: total - failed.length, skipped: 0, failed };
}

function readContent(path: string): Buffer {
  const bytes = readFileSync(path);
  return path.endsWith('.gz') ? gunzipSync(bytes) : bytes;
}

function countCases(
  file: string,
  expected: Expected,
  events: readonly VakthundEvent[],
  problems: number,
): SuiteFailure[] {
  const counts = new Map<string, number>();
  for (const { event_dataset: dataset } of events) counts.set(dataset ?? '', (counts.get(dataset ?? '') ?? 0) + 1);
  const wanted: [name: string, got: number, want: number][] = [
    ['rows', events.length, expected.rows],
    ['problems', problems, 0],
    ...Object.entries(expected.event_types).map(([type, want]): [string, number, number] => [
      type,
      counts.get(`suricata.${type}`) ?? 0,
      want,
    ]),
  ];
  return wanted
    .filter(([, got, want]) => got !== want)
    .map(([name, got, want]) => ({ case: `${basename(file)} ${name}`, got: String(got), want: String(want) }));
}

interface EveLine {
  readonly timestamp: string;
  readonly event_type: string;
  readonly src_ip?: string;
  readonly dest_ip?: string;
  readonly direction?: string;
  readonly flow?: { readonly start?: string };
}

function lineFailure(
  name: string,
  line: string,
  event: VakthundEvent | undefined,
  byObjects: ReadonlyMap<number, VakthundEvent>,
): SuiteFailure | undefined {
  if (event === undefined) return { case: name, got: 'no event', want: line };
  const record = JSON.parse(line) as EveLine;
  const isFlow = record.event_type === 'flow';
  const time = Date.parse((isFlow ? record.flow?.start : undefined) ?? record.timestamp);
  const columns = event as unknown as Readonly<Record<string, unknown>>;
  const ends = [record.src_ip, record.dest_ip];
  if (record.direction === 'to_client') ends.reverse();
  const got = [
    event.kind,
    Math.floor(event.time / 1000),
    columns['source_ip'] ?? undefined,
    columns['destination_ip'] ?? undefined,
    columns['uid'] ?? undefined,
  ];
  const want = [kinds[record.event_type] ?? 'log', time, ...ends, /"flow_id":(\d+)/.exec(line)?.[1]];
  const compared = event.kind === 'device' ? 2 : got.length;
  const gotText = JSON.stringify(got.slice(0, compared));
  const wantText = JSON.stringify(want.slice(0, compared));
  if (gotText !== wantText) return { case: name, got: gotText, want: wantText };
  const [difference] = differences(byObjects, event);
  return difference === undefined ? undefined : { case: `${name} by an object`, ...difference };
}
