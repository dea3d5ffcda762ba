import { basename } from 'node:path';
import { parse } from 'yaml';
import { GapTracker } from '../../../src/collect/sources/auditd/assembly/gaps.ts';
import type { AuditRecord } from '../../../src/collect/sources/auditd/records/record.ts';
import type { Suite, SuiteFailure, SuiteResult } from '../suite.ts';
import { difference } from './auditd-projections/differences.ts';
import { projectEvent } from './auditd-projections/go-libaudit-event.ts';
import { projectRecord } from './auditd-projections/go-libaudit.ts';
import { eventsOf, findCases, readCorpusFile, recordsOf } from './auditd-projections/records.ts';

/**
 * go-libaudit's goldens: `auparse/X.log` with a record for each line in `X.log.golden`; `aucoalesce/X.yaml` with a log
 * text for each test and the event in `X.json.golden`; `reassemble/*.log`, whose events, order and losses follow from
 * their serials by counting. `rule/` is about rules, not logs.
 */
const folder = 'host/auditd/go-libaudit';

class Score {
  total = 0;
  readonly failed: SuiteFailure[] = [];

  add(name: string, wrong: { got: string; want: string } | undefined): void {
    this.total++;
    if (wrong !== undefined) this.failed.push({ case: name, ...wrong });
  }

  result(): SuiteResult {
    const { total, failed } = this;
    return { total, passed: total - failed.length, skipped: 0, failed };
  }
}

function runParse(corpus: string, score: Score): void {
  for (const answer of findCases(corpus, `${folder}/auparse/*.log.golden`)) {
    const path = answer.replace(/\.golden$/, '');
    const golden = JSON.parse(readCorpusFile(answer).toString('utf8')) as unknown[];
    const records = recordsOf(readCorpusFile(path));
    for (const [index, want] of golden.entries()) {
      const record = records[index];
      const got = record === null || record === undefined ? null : projectRecord(record);
      score.add(`auparse/${basename(path)}:${index + 1}`, difference(got, want));
    }
  }
}

function runCoalesce(corpus: string, score: Score): void {
  for (const answer of findCases(corpus, `${folder}/aucoalesce/*.json.golden`)) {
    const path = answer.replace(/\.json\.golden$/, '.yaml');
    const { tests } = parse(readCorpusFile(path).toString('utf8')) as { tests: Record<string, string> };
    const golden = JSON.parse(readCorpusFile(answer).toString('utf8')) as {
      test_name: string;
      event: unknown;
    }[];
    for (const { test_name: name, event: want } of golden) {
      const [event] = eventsOf(recordsOf(Buffer.from(`${(tests[name] ?? '').trim()}\n`)));
      score.add(
        `aucoalesce/${basename(path)}: ${name}`,
        difference(event === undefined ? null : projectEvent(event), want),
      );
    }
  }
}

/** What a log's serials say, counted without our assembler: events in order with their records, and how many lack. */
function countEvents(records: readonly AuditRecord[]): { events: [number, number][]; lost: number } {
  const counts = new Map<number, number>();
  for (const { type, serial } of records) {
    if (type.name !== 'EOE') counts.set(serial, (counts.get(serial) ?? 0) + 1);
  }
  // After a wrap the low numbers come last: they are moved behind the high ones.
  const isWrapped = [...counts.keys()].some((serial) => serial > 0xffff_0000) && counts.has(0);
  const place = (serial: number): number => (isWrapped && serial < 0x8000_0000 ? serial + 0x1_0000_0000 : serial);
  const events = [...counts].sort(([a], [b]) => place(a) - place(b));
  const first = place(events[0]?.[0] ?? 0);
  const last = place(events.at(-1)?.[0] ?? 0);
  return { events, lost: last - first + 1 - events.length };
}

function assemble(records: readonly AuditRecord[]): { events: [number, number][]; lost: number } {
  const gaps = new GapTracker();
  const seen = new Set<number>();
  for (const record of records) {
    if (!seen.has(record.serial)) gaps.see(record);
    seen.add(record.serial);
  }
  const events = eventsOf(records).map(({ serial, records: parts }): [number, number] => [serial, parts.length]);
  return { events, lost: gaps.loss.events };
}

function runReassemble(corpus: string, score: Score): void {
  for (const path of findCases(corpus, `${folder}/reassemble/*.log`)) {
    const records = recordsOf(readCorpusFile(path)).filter((record) => record !== null);
    const name = `reassemble/${basename(path)}`;
    const want = countEvents(records);
    score.add(name, difference(assemble(records), want));
    // The same with a whole event missing, and with records of neighbours mixed.
    const [, middle] = want.events;
    const without = records.filter(({ serial }) => serial !== middle?.[0]);
    score.add(`${name} without one event`, difference(assemble(without).lost, want.lost + 1));
    const mixed = records.map((record, index) => records[index ^ 1] ?? record);
    score.add(`${name} with neighbours exchanged`, difference(assemble(mixed).lost, want.lost));
  }
}

export const suite: Suite = {
  id: 'auditd/go-libaudit',
  run(corpus) {
    const score = new Score();
    runParse(corpus, score);
    runCoalesce(corpus, score);
    runReassemble(corpus, score);
    return Promise.resolve(score.result());
  },
};
