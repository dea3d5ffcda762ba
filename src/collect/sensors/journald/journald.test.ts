import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decodeContent } from '../../../../tests/support/decode-content.ts';
import { GrowingJournal } from '../../../../tests/support/growing-journal.ts';
import { canRunJournald, OwnJournald } from '../../../../tests/support/journald.ts';
import { recordLive } from '../../../../tests/support/record-live.ts';
import { until } from '../../../../tests/support/until.ts';
import { source } from '../../sources/journald/index.ts';
import { sensor } from './index.ts';
import { JournalSpool } from './journal-spool.ts';
import { ownLines } from './own-lines.ts';

const ids = { one: 'a1'.repeat(16), other: 'b2'.repeat(16) };
let folder: string;
let notes: string[];
let lost: number;
let clock = 0;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vakthund-journal-'));
  for (const name of ['records', 'journals']) mkdirSync(join(folder, name));
  [notes, lost] = [[], 0];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const inJournals = (name: string): string => join(folder, 'journals', name);
const events = {
  onNote: (note: string): void => void notes.push(note),
  onLost: (count: number): void => void (lost += count),
};
/** A run that takes all that is there and ends. */
function takeAll(isPointed = true, isOwn = ownLines('', '')): void {
  const journals = [join(folder, 'journals')];
  const spool = new JournalSpool(join(folder, 'records'), journals, isPointed, events, () => ++clock, isOwn);
  while (!spool.takeSome());
  spool.close();
}
const records = (): string[] => readdirSync(join(folder, 'records')).sort();
const text = (): string =>
  records()
    .map((file) => readFileSync(join(folder, 'records', file), 'latin1'))
    .join('');
const cursors = (): string[] =>
  [...text().matchAll(/^__CURSOR=(?<cursor>.*)$/gm)].map(({ groups }) => groups?.['cursor'] ?? '');
const numbers = (): number[] =>
  cursors().map((cursor) => Number.parseInt(/;i=(?<number>[^;]+)/.exec(cursor)?.groups?.['number'] ?? '', 16));

describe('following journals', () => {
  it('takes the entries of two files in the order of their numbers, once over runs, through rotation', () => {
    const [system, user] = [
      new GrowingJournal(inJournals('system.journal'), ids.one),
      new GrowingJournal(inJournals('user-1000.journal'), ids.one),
    ];
    for (const number of [1, 3, 4, 8]) system.append(number, 'MESSAGE=of the system', '_UID=0');
    for (const number of [2, 5, 6, 7]) user.append(number, 'MESSAGE=of a user', '_UID=1000');
    takeAll();
    expect(numbers()).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    takeAll();
    expect(numbers()).toHaveLength(8);
    system.append(9, 'MESSAGE=before');
    system.archive();
    renameSync(inJournals('system.journal'), inJournals('system@1.journal'));
    new GrowingJournal(inJournals('system.journal'), ids.one).append(10, 'MESSAGE=behind');
    takeAll();
    expect(numbers().slice(8)).toEqual([9, 10]);
    expect([lost, notes]).toEqual([0, []]);
  });

  it('passes over what this very process wrote as a service, and nobody else is taken for it', () => {
    const journal = new GrowingJournal(inJournals('system.journal'), ids.one);
    const isOwn = ownLines('LANG=C\0INVOCATION_ID=ab12\0', '309');
    const own = ['_PID=309', '_SYSTEMD_INVOCATION_ID=ab12'];
    journal.append(1, 'MESSAGE=12:00:00 status   1 events', ...own);
    journal.append(2, 'MESSAGE=of a program that it started', '_PID=310', '_SYSTEMD_INVOCATION_ID=ab12');
    journal.append(3, 'MESSAGE=of another start with that number', '_PID=309', '_SYSTEMD_INVOCATION_ID=cd34');
    journal.append(4, `MESSAGE=x\n${own.join('\n')}`, '_PID=4711', '_SYSTEMD_INVOCATION_ID=ef56');
    journal.append(5, 'MESSAGE=12:01:00 status   2 events', ...own);
    takeAll(true, isOwn);
    expect(numbers()).toEqual([2, 3, 4]);
    takeAll(true, isOwn);
    expect([numbers(), lost, notes]).toEqual([[2, 3, 4], 0, []]);
    expect(ownLines('LANG=C\0', '309')).toBeUndefined();
  });

  it('begins behind what stands there when it is not pointed at it', () => {
    const journal = new GrowingJournal(inJournals('system.journal'), ids.one);
    journal.append(1, 'MESSAGE=old');
    takeAll(false);
    expect(records()).toEqual([]);
    journal.append(2, 'MESSAGE=new');
    takeAll(false);
    expect(numbers()).toEqual([2]);
  });

  it('waits for an entry whose number was given, and takes nothing behind it before', () => {
    const system = new GrowingJournal(inJournals('system.journal'), ids.one);
    system.append(1, 'MESSAGE=a');
    system.skip(2);
    takeAll();
    expect(numbers()).toEqual([1]);
    system.append(2, 'MESSAGE=b');
    takeAll();
    expect(numbers()).toEqual([1, 2]);
  });

  it('counts what was removed before it was read', () => {
    const first = new GrowingJournal(inJournals('system.journal'), ids.one);
    first.append(1, 'MESSAGE=a');
    takeAll();
    rmSync(inJournals('system.journal'));
    new GrowingJournal(inJournals('system.journal'), ids.one).append(5, 'MESSAGE=e');
    new GrowingJournal(inJournals('remote.journal'), ids.other).append(40, 'MESSAGE=of another numbering');
    takeAll();
    expect(numbers().toSorted((a, b) => a - b)).toEqual([1, 5, 40]);
    expect(lost).toBe(3);
  });

  it('finds what was written but not noted, and no cursor within a value', () => {
    const journal = new GrowingJournal(inJournals('system.journal'), ids.one);
    journal.append(1, 'MESSAGE=a');
    takeAll();
    const noted = readFileSync(join(folder, 'records.positions.json'));
    const forged = `__CURSOR=s=${ids.one};i=ff;b=0`;
    journal.append(2, `MESSAGE=b\n\n${forged}\n\n`, `_CMDLINE=${forged}`);
    takeAll();
    writeFileSync(join(folder, 'records.positions.json'), noted);
    journal.append(3, 'MESSAGE=c');
    takeAll();
    expect(numbers().filter((number) => number < 0xff)).toEqual([1, 2, 3]);
    expect(lost).toBe(0);
  });

  it('passes over a damaged entry, counts it, and reads on', async () => {
    const journal = new GrowingJournal(inJournals('system.journal'), ids.one);
    journal.append(1, 'MESSAGE=a');
    const place = journal.append(2, 'MESSAGE=b');
    journal.append(3, 'MESSAGE=c');
    journal.damage(place + 8, Buffer.alloc(8, 0xff));
    writeFileSync(inJournals('other.journal'), 'no journal');
    takeAll();
    expect(numbers()).toEqual([1, 3]);
    expect(lost).toBe(1);
    expect(notes).toEqual([expect.stringMatching(/system\.journal is read in part: there is no entry at byte \d+$/)]);
    const decoded = await decodeContent(source, text());
    expect(decoded.problems).toEqual([]);
    expect(decoded.events).toMatchObject([{ kind: 'log', message: 'a' }, { message: 'c' }]);
  });

  it('begins anew when what was noted is damaged, and says so', () => {
    new GrowingJournal(inJournals('system.journal'), ids.one).append(1, 'MESSAGE=a');
    writeFileSync(join(folder, 'records.positions.json'), '{"positions":');
    takeAll();
    expect(numbers()).toEqual([1]);
    expect(notes).toEqual(['what was noted of the journals is damaged: it begins anew']);
  });
});

describe.skipIf(!canRunJournald)('beside a real journald', () => {
  it('tells what journalctl tells, in its order, through rotations and restarts', { timeout: 120_000 }, async () => {
    const journald = new OwnJournald(folder);
    try {
      await until(() => journald.files().length > 0);
      const path = join(folder, 'records');
      let recording = recordLive(sensor, path, [], [journald.journals]);
      for (let round = 0; round < 2; round++) {
        for (let port = round * 100; port < round * 100 + 40; port++) {
          journald.log('sshd', `Failed password for root from 203.0.113.9 port ${port} ssh2`);
        }
        journald.rotate();
        await until(() => text().includes(`port ${round * 100 + 20} ssh2`));
        await recording.stop();
        recording = recordLive(sensor, path, [], [journald.journals]);
      }
      await until(() => journald.files().length >= 3 && text().includes('port 139 ssh2'));
      const seen = await recording.until((event) => event['kind'] === 'user_session');
      expect(seen).toMatchObject({
        event_outcome: 'failure',
        target_user_name: 'root',
        source_ip: '203.0.113.9',
        service: 'sshd',
      });
      await recording.stop();
      expect(cursors()).toEqual(journald.cursors());
      expect(recording.lost).toEqual([]);
    } finally {
      await journald.stop();
    }
  });
});
