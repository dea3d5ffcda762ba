import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dayStart, event, withEvents } from '../../../tests/support/event-store.ts';
import { language as sigma } from '../../detect/rules/sigma/index.ts';
import { isScannable, type ScanQuestion } from '../../detect/rules/rule-scan.ts';
import type { VakthundEvent } from '../../events/event.ts';
import type { Share, Store } from '../../store/store.ts';
import { scanStored, type StoredScan } from './scan-stored.ts';
import { ScanThread } from './scan-thread.ts';
import { ShareTurns } from './share-turns.ts';

const shape = { columns: ['kind', 'time', 'process_command_line', 'dns_question_name'], order: [1], most: 5 };
const words = ['curl', 'wget', 'Ünï', 'sh -c'] as const;

const events = (count: number): VakthundEvent[] =>
  Array.from({ length: count }, (_none, at) => {
    const own = { time: dayStart + at, evidence_at: at };
    const text = `${words[at % words.length]} ${at}`;
    return at % 3 === 0
      ? event('dns', { ...own, event_dataset: 'zeek.dns', dns_question_name: text })
      : event('process', { ...own, event_dataset: 'auditd.syscall', event_action: 'exec', process_command_line: text });
  });

const rule = (index: number, logsource: string, selection: string): string =>
  `title: r${index}\nlogsource: ${logsource}\ndetection:\n  s: ${selection}\n  condition: s\n`;
const rules = Array.from({ length: 24 }, (_none, at) => {
  const word = words[at % words.length] ?? '';
  if (at % 2 === 0) return rule(at, '{category: dns}', `{query|contains: '${word}'}`);
  return rule(at, '{product: linux, category: process_creation}', `{CommandLine|re: '${word}.*${at % 10}$'}`);
});

function questions(store: Store): ScanQuestion[] {
  const { rules: loaded } = sigma.load(rules.map((text, at) => ({ path: `${at}.yml`, text })));
  return loaded
    .flatMap((one) => one.search(store.macros).queries.map((query) => ({ rule: one, query })))
    .filter(isScannable);
}

async function found(store: Store, options: Partial<StoredScan> = {}): Promise<unknown> {
  const scan = { store, shape, signal: undefined, onRows: () => undefined, ...options };
  const kept = await scanStored(questions(store), scan);
  return kept.all().sort(([a], [b]) => a - b);
}

/** Half of the events sealed, the others hot. */
async function withParts<T>(count: number, work: (store: Store) => Promise<T>): Promise<T> {
  const all = events(count);
  return withEvents(all.slice(0, count / 2), async (store) => {
    await store.seal(0);
    const progress = { byte: 2, line: 2, state: null, isComplete: true };
    await store.commit({ evidenceId: 1, events: all.slice(count / 2), problems: [], progress });
    return work(store);
  });
}

describe('rules over stored rows in several threads', () => {
  it('find what one thread finds', async () => {
    await withParts(400, async (store) => {
      const alone = await found(store, { threads: 1 });
      expect(alone).toHaveLength(24);
      expect(await found(store, { threads: 3, rowsPerThread: 1 })).toEqual(alone);
    });
  });

  it('find in a thread what stands in sealed parts', async () => {
    await withParts(400, async (store) => {
      const rowsRead: number[] = [];
      const asked = questions(store);
      const sent = asked.map(({ query: { kind, rows } }, place) => ({
        place,
        kind: kind ?? 'process',
        format: rows?.format.id ?? '',
        questions: (rows?.questions ?? []).map(({ kind: of, platform, condition }) => ({
          kind: of,
          platform,
          condition,
        })),
      }));
      await store.withShares(['process', 'dns'], async ({ shares, sealedFolder: folder }) => {
        const sealed = shares.filter(({ isSealed }) => isSealed);
        const turns = new ShareTurns().memory;
        const task = { questions: sent, shares: sealed, shape, folder, memoryBytes: 128e6, turns };
        const inThread = await new ScanThread(task, (_kind, rows) => rowsRead.push(rows)).found();
        const ownOnly: Store['withShares'] = (kinds, work) =>
          store.withShares(kinds, (rows) => work({ ...rows, shares: rows.shares.filter(({ isSealed }) => isSealed) }));
        const here = await scanStored(asked, {
          store: { withShares: ownOnly },
          shape,
          threads: 1,
          signal: undefined,
          onRows: () => undefined,
        });
        expect([...inThread].sort(([a], [b]) => a - b)).toEqual(here.all().sort(([a], [b]) => a - b));
        expect(rowsRead.reduce((sum, rows) => sum + rows, 0)).toBe(200);
      });
    });
  });

  it('tell what a thread cannot read', async () => {
    await withParts(400, async (store) => {
      const spoiled = (share: Share): Share => ({ ...share, from: share.from.replaceAll('.parquet', '.gone') });
      const broken: Store['withShares'] = (kinds, work) =>
        store.withShares(kinds, (rows) => work({ ...rows, shares: rows.shares.map(spoiled) }));
      const scan = found(store, { store: { withShares: broken }, threads: 2, rowsPerThread: 1 });
      await expect(scan).rejects.toThrow('No files found');
    });
  });

  it('reach no file but sealed parts', async () => {
    await withParts(400, async (store) => {
      await store.withShares(['process'], async ({ shares, sealedFolder: folder }) => {
        const [share] = shares;
        const from = `SELECT * FROM read_csv('/etc/passwd')`;
        const outside = share === undefined ? [] : [{ ...share, from, isSealed: true }];
        const sent = { place: 0, kind: 'process', format: 'event', questions: [] } as const;
        const turns = new ShareTurns().memory;
        const task = { questions: [sent], shares: outside, shape, folder, memoryBytes: 128e6, turns };
        await expect(new ScanThread(task, () => undefined).found()).rejects.toThrow('disabled by configuration');
      });
    });
  });

  it('stop together', async () => {
    await withParts(400, async (store) => {
      const stop = new AbortController();
      const onRows = (): void => stop.abort(new Error('enough'));
      await expect(found(store, { threads: 2, rowsPerThread: 1, signal: stop.signal, onRows })).rejects.toThrow(
        'enough',
      );
    });
  });
});

it('takes each share once, and none after the stop', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(2), { maxLength: 40 }), fc.nat(40), (threads, stopAfter) => {
      const first = new ShareTurns();
      const all = [first, new ShareTurns(first.memory), new ShareTurns(first.memory)];
      const taken: number[] = [];
      for (const [at, thread] of threads.entries()) {
        if (at === stopAfter) first.stop();
        taken.push(all[thread]?.take() ?? Number.NaN);
      }
      expect(taken).toEqual(taken.map((_turn, at) => (at < stopAfter ? at : Number.MAX_SAFE_INTEGER)));
    }),
  );
});
