import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parseIsoMicros } from '../../../src/base/time.ts';
import { readContent as readLeaf } from '../../../src/collect/open/content.ts';
import { defaultOpenLimits } from '../../../src/collect/open/limits.ts';
import { openFile } from '../../../src/collect/open/open-file.ts';
import { source as journal } from '../../../src/collect/sources/journald/index.ts';
import { source as journalJson } from '../../../src/collect/sources/journald-json/index.ts';
import { source as velociraptor } from '../../../src/collect/sources/velociraptor/index.ts';
import { source as wtmp } from '../../../src/collect/sources/wtmp/index.ts';
import type { VakthundEvent } from '../../../src/events/event.ts';
import type { Suite, SuiteFailure, SuiteResult } from '../suite.ts';
import { leavesOf, lostLeaves, parseWithDigits } from './ingest-arrival/arrival.ts';
import { decodeBytes, readContent } from './ingest-arrival/decode-file.ts';

/**
 * What Velociraptor collects. Zips: every row of every member is read, and none of its values is lost. `*.journal` with
 * what journalctl makes of it (`*.journal.jsonl`): the same events, field for field. `wtmp*` with the rows of its artifact
 * (`linux_last_login.out.yaml`): the log-in and the log-out at those times.
 */
export const suite: Suite = { id: 'ingest/velociraptor', run };

const folder = 'host/velociraptor';

async function run(corpus: string): Promise<SuiteResult> {
  const cases: (SuiteFailure | undefined)[] = [];
  for (const file of globSync(`${folder}/*.zip`, { cwd: corpus }).sort()) {
    cases.push(...(await zipCases(join(corpus, file))));
  }
  for (const file of globSync(`${folder}/*.journal*`, { cwd: corpus }).sort()) {
    const pair = file.replace(/\.journal(?=\.gz$|$)/, '.journal.jsonl');
    if (!file.includes('.jsonl')) cases.push(...(await journalCases(join(corpus, file), join(corpus, pair))));
  }
  for (const file of globSync(`${folder}/*tmp*`, { cwd: corpus }).sort()) {
    cases.push(...(await loginCases(join(corpus, file), join(corpus, folder, 'linux_last_login.out.yaml'))));
  }
  const failed = cases.filter((one) => one !== undefined);
  return { total: cases.length, passed: cases.length - failed.length, skipped: 0, failed };
}

async function zipCases(path: string): Promise<(SuiteFailure | undefined)[]> {
  const cases: (SuiteFailure | undefined)[] = [];
  const spoolFolder = mkdtempSync(join(tmpdir(), 'velociraptor-'));
  try {
    for await (const opened of openFile(path, { limits: defaultOpenLimits, spoolFolder })) {
      if (!('leaf' in opened) || !opened.leaf.path.endsWith('.json')) continue;
      const parts: Uint8Array[] = [];
      for await (const chunk of readLeaf(opened.leaf.diskPath, 'none', defaultOpenLimits, () => undefined)) {
        parts.push(Buffer.from(chunk));
      }
      const content = Buffer.concat(parts);
      if (content.length > 0) cases.push(...(await memberCases(opened.leaf.path, content)));
      opened.leaf.dispose();
    }
  } finally {
    rmSync(spoolFolder, { recursive: true, force: true });
  }
  return cases;
}

async function memberCases(path: string, content: Buffer): Promise<(SuiteFailure | undefined)[]> {
  const name = path.slice(path.lastIndexOf('/', path.indexOf('!')) + 1);
  const { detection, events, problems } = await decodeBytes(velociraptor, content, path);
  const rows = rowsOf(content.toString('utf8'));
  const bad = problems.filter(({ code }) => code !== 'partly-seen');
  const got = `${detection}, ${events.length} events, ${bad.length} problems`;
  const want = `certain, ${rows.length} events, 0 problems`;
  return [
    got === want ? undefined : { case: name, got, want },
    ...rows.map((row, index) => {
      const event = events[index];
      const lost = event === undefined ? leavesOf(row) : lostLeaves(row, event);
      return lost.length === 0
        ? undefined
        : { case: `${name} row ${index + 1}`, got: `lost ${JSON.stringify(lost[0])}`, want: 'all values' };
    }),
  ];
}

/** Rows one on a line, or one object over many. Empty objects are no rows. */
function rowsOf(text: string): unknown[] {
  const isOne = text.startsWith('{\n');
  const rows = isOne
    ? [parseWithDigits(text)]
    : text
        .split('\n')
        .filter((line) => line !== '')
        .map(parseWithDigits);
  return rows.filter((row) => leavesOf(row).length > 0);
}

async function journalCases(file: string, jsonFile: string): Promise<(SuiteFailure | undefined)[]> {
  const name = basename(file);
  const binary = await decodeBytes(journal, readContent(file), file);
  const json = await decodeBytes(journalJson, gunzipSync(readFileSync(jsonFile)), jsonFile);
  const got = `${binary.detection}, ${binary.events.length} events, ${binary.problems.length} problems`;
  const want = `certain, ${json.events.length} events, 0 problems`;
  return [
    got === want ? undefined : { case: name, got, want },
    ...json.events.map((event, index) => difference(`${name} entry ${index + 1}`, binary.events[index], event)),
  ];
}

/** Values that journalctl left out because they are long are only in the file. */
function difference(name: string, got: VakthundEvent | undefined, want: VakthundEvent): SuiteFailure | undefined {
  const row = (got ?? {}) as unknown as Readonly<Record<string, unknown>>;
  for (const [column, value] of Object.entries(want)) {
    const isLeftOut = column === 'message' && value === '';
    if (isLeftOut || JSON.stringify(row[column]) === JSON.stringify(value)) continue;
    return { case: name, got: `${column} ${JSON.stringify(row[column])}`, want: JSON.stringify(value) };
  }
  return undefined;
}

async function loginCases(file: string, expectedFile: string): Promise<(SuiteFailure | undefined)[]> {
  const content = readContent(file);
  const { detection, events, problems } = await decodeBytes(wtmp, content, file);
  const name = basename(file);
  const isCut = content.length % 384 !== 0;
  const got = `${detection}, ${problems.map(({ code }) => code).join(' ')}`;
  const want = `certain, ${isCut ? 'truncated' : ''}`;
  const expected = JSON.parse(/Output: (\[.*\])/s.exec(readFileSync(expectedFile, 'utf8'))?.[1] ?? '[]') as Record<
    string,
    string
  >[];
  const ofFile = expected.filter((row) => row['OSPath'] === name);
  return [
    got === want ? undefined : { case: name, got, want },
    ...ofFile.flatMap((row) =>
      (['login', 'logout'] as const).map((action) => {
        const time = parseIsoMicros(row[`${action}_time`] ?? '');
        const isIt = (event: VakthundEvent): boolean =>
          event.kind === 'user_session' &&
          event.event_action === action &&
          Math.floor(event.time / 1e6) * 1e6 === time &&
          event.target_user_name === row['login_User'] &&
          event.process_tty === row['login_Terminal'] &&
          (action === 'logout' || event.source_ip === row['login_IpAddr']);
        const isThere = events.some(isIt);
        return isThere ? undefined : { case: `${name} ${action}`, got: 'no such event', want: JSON.stringify(row) };
      }),
    ),
  ];
}
