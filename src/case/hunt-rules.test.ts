import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dayStart, event, withEvents } from '../../tests/support/event-store.ts';
import { silentLogger } from '../base/logger.ts';
import { language as falco } from '../detect/rules/falco/index.ts';
import type { RuleLanguage } from '../detect/rules/rule-language.ts';
import { language as sigma } from '../detect/rules/sigma/index.ts';
import type { VakthundEvent } from '../events/event.ts';
import type { ColumnChunk } from '../store/store.ts';
import { huntRules, type RuleHuntOptions } from './hunt-rules.ts';
import type { RuleHunt } from './service.ts';

const linux = '{product: linux, category: process_creation}';
const windows = '{product: windows, category: process_creation}';

const rule = (title: string, logsource: string, selection = '{CommandLine|contains: curl}', level = 'high'): string =>
  `title: ${title}\nname: ${title}\nlevel: ${level}\nlogsource: ${logsource}\ndetection:\n  s: ${selection}\n  condition: s\n`;

const start = (command: string, offset = 0): VakthundEvent =>
  event('process', {
    time: dayStart + offset,
    evidence_at: 1 + offset,
    event_dataset: 'auditd.syscall',
    event_action: 'exec',
    host_name: 'web1',
    process_command_line: command,
  });

interface Asked {
  readonly hunt: RuleHunt;
  /** What the store was asked by each of its ways. */
  readonly queried: readonly string[];
  readonly scanned: readonly string[];
}

type Hunt = (texts: readonly string[], options?: Partial<RuleHuntOptions>) => Promise<Asked>;

/** Hunts over one store that holds these events, perhaps in sealed parts. */
async function withHunts<T>(
  events: readonly VakthundEvent[],
  work: (hunt: Hunt) => Promise<T>,
  { language = sigma, isSealed = false }: { readonly language?: RuleLanguage; readonly isSealed?: boolean } = {},
): Promise<T> {
  return withEvents(events, async (store) => {
    if (isSealed) await store.seal(0);
    return work(async (texts, options = {}) => {
      const set = language.load(texts.map((text, at) => ({ path: `${at}.yml`, text })));
      expect(set.files.every(({ isOk }) => isOk)).toBe(true);
      const [queried, scanned]: [string[], string[]] = [[], []];
      const watched: RuleHuntOptions['store'] = {
        macros: store.macros,
        count: (kind) => store.count(kind),
        query: (sql) => store.query(sql),
        userQuery: (sql, bounds) => {
          queried.push(sql);
          return store.userQuery(sql, bounds);
        },
        withShares: (kinds, work) =>
          store.withShares(kinds, (rows) => {
            const scan = (sql: string): AsyncIterable<ColumnChunk> => {
              scanned.push(sql);
              return rows.store.scan(sql);
            };
            return work({ ...rows, store: { macros: store.macros, scan } });
          }),
      };
      const bounds = { timeoutMs: 60_000, maxRows: 100, signal: undefined, onProgress: () => undefined };
      const found = await huntRules([{ language, set }], {
        store: watched,
        logger: silentLogger,
        ...bounds,
        ...options,
      });
      return { hunt: found, queried, scanned };
    });
  });
}

async function hunt(events: readonly VakthundEvent[], ...given: Parameters<Hunt>): Promise<Asked> {
  return withHunts(events, (ask) => ask(...given));
}

const many = (count: number, make: (index: number) => string): string[] =>
  Array.from({ length: count }, (_none, index) => make(index));

describe('a hunt with rules', () => {
  it('has the store answer a few, and asks none whose log source has no events', async () => {
    const events = [start('curl http://198.51.100.7/x')];
    const {
      hunt: found,
      queried,
      scanned,
    } = await hunt(events, [rule('one', windows), rule('two', windows), rule('three', linux)]);
    expect(found.rows.map(([title]) => title)).toEqual(['three']);
    expect(queried).toHaveLength(1);
    expect(scanned).toEqual([]);
  });

  it('reads the rows of a kind once for many, and of them only what the rules name', async () => {
    const events = [start('curl http://198.51.100.7/x'), start('wget -q x', 5)];
    const rules = many(20, (index) =>
      rule(`r${index}`, linux, `{CommandLine|contains: ${index % 2 === 0 ? 'curl' : 'none'}}`),
    );
    const { hunt: found, queried, scanned } = await hunt(events, rules);
    expect(found.matched.map(({ matches }) => matches)).toEqual(Array(10).fill(1));
    expect(queried).toEqual([]);
    expect(scanned).toHaveLength(1);
    expect(scanned[0]).toContain('"process_command_line"');
    expect(scanned[0]).not.toContain('"raw"');
  });

  it('ranks by severity and then by how rare, and lets no rule bury the others', async () => {
    const events = many(30, (index) => `curl ${index}`).map((command, at) => start(command, at));
    const texts = [
      rule('noisy', linux, '{CommandLine|contains: curl}', 'high'),
      rule('rare', linux, '{CommandLine|endswith: " 7"}', 'high'),
      rule('worst', linux, '{CommandLine|endswith: " 9"}', 'critical'),
      ...many(12, (index) => rule(`none${index}`, linux, '{CommandLine|contains: absent}')),
    ];
    const { hunt: found } = await hunt(events, texts, { maxRows: 6 });
    expect(found.matched.map(({ title, matches }) => [title, matches])).toEqual([
      ['worst', 1],
      ['rare', 1],
      ['noisy', 30],
    ]);
    expect(found.rows.map(([title, , time]) => [title, Number(time) - dayStart])).toEqual([
      ['worst', 9],
      ['rare', 7],
      ...[0, 1, 2, 3].map((at) => ['noisy', at]),
    ]);
    expect(found).toMatchObject({ isCut: true, rules: 15, events: 30 });
  });

  it('tells progress, and stops when it is told to', async () => {
    const rules = many(12, (index) => rule(`r${index}`, linux));
    const steps: number[] = [];
    await hunt([start('curl')], rules, { onProgress: ({ done, total }) => steps.push(done / total) });
    expect(steps).toEqual([1]);
    const stopped = AbortSignal.abort(new Error('enough'));
    await expect(hunt([start('curl')], rules, { signal: stopped })).rejects.toThrow('enough');
  });

  it('has the store answer correlations beside what it reads for the others', async () => {
    const events = [0, 1, 2].map((offset) => start('curl x', offset));
    const often = `title: often\nname: often\nlevel: high\ncorrelation:\n  type: event_count\n  rules: [r0]\n  group-by: [User]\n  timespan: 5m\n  condition: {gte: 2}\n  generate: true\n`;
    const withUser = events.map((one) => ({ ...one, user_name: 'mallory' }));
    const texts = [...many(12, (index) => rule(`r${index}`, linux)), often];
    const { hunt: found, queried, scanned } = await hunt(withUser, [texts.join('---\n')]);
    expect([queried.length, scanned.length]).toEqual([1, 1]);
    expect(found.rows.filter(([title]) => title === 'often').map(([, kind]) => kind)).toContain('correlation');
    expect(found.matched).toHaveLength(13);
    const { hunt: alone } = await hunt(withUser, [
      [rule('r0', linux), often.replace('generate: true', '')].join('---\n'),
    ]);
    expect(alone).toMatchObject({ rules: 1, events: 3 });
  });

  it('shows what the events of a correlation have in common, since when and how many they are', async () => {
    const by = (user: string, offset: number): VakthundEvent =>
      ({ ...start('curl x', offset), user_name: user }) as VakthundEvent;
    const often = `title: often\ncorrelation:\n  type: event_count\n  rules: [r0]\n  group-by: [User, time, Time]\n  timespan: 5m\n  condition: {gte: 2}\n  generate: true\n  aliases: {time: {r0: CommandLine}, Time: {r0: Computer}}\n`;
    const { hunt: found } = await hunt(
      [by('mallory', 0), by('eve', 1), by('mallory', 2)],
      [[rule('r0', linux), often].join('---\n')],
    );
    const names = found.columns.map(({ name }) => name).join(' ');
    expect(names).toContain('rule kind time group first_time events host_name');
    const told = found.rows.map((row) => [row[0], Number(row[2]) - dayStart, row[3], row[5], row[7]]);
    expect(told).toEqual([
      ['r0', 0, null, null, 'mallory'],
      ['r0', 1, null, null, 'eve'],
      ['r0', 2, null, null, 'mallory'],
      ['often', 2, { User: 'mallory', time: 'curl x', Time: 'web1' }, 2, 'mallory'],
    ]);
    expect(found.rows[3]?.[4]).toBe(dayStart);
  });

  it('tells which rules could not be asked, and why', async () => {
    const { hunt: found } = await hunt(
      [start('curl')],
      [rule('cloud', '{product: okta, service: okta}'), rule('dns', '{category: dns}', '{query: x}')],
    );
    expect(found.notChecked.map(({ what }) => what)).toEqual(['rules/sigma/cloud', 'rules/sigma/dns']);
    expect(found.rules).toBe(0);
  });
});

const word = fc.constantFrom('curl', 'CURL', 'Ünï', 'a', '', '7', 'C:\\x', '%', "it's", 'ſ', 'İ');
const value = fc.array(word, { maxLength: 3 }).map((words) => words.join(' '));
const maybe = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(arbitrary, { freq: 3 });

const linuxEvent = fc
  .record({
    process_executable: maybe(value),
    process_command_line: maybe(value),
    process_args: maybe(fc.array(word, { maxLength: 3 })),
    process_pid: maybe(fc.integer({ min: 0, max: 9 })),
    user_name: maybe(word),
    event_action: fc.constantFrom('exec', 'exit'),
    event_dataset: fc.constantFrom('auditd.syscall', 'ecs'),
  })
  .map((fields) => event('process', fields));
const windowsEvent = fc
  .record({
    EventID: fc.constantFrom(1, '1', 4688, 5),
    Channel: fc.constantFrom('Microsoft-Windows-Sysmon/Operational', 'Security'),
    Image: maybe(value),
    CommandLine: maybe(value),
    ProcessId: maybe(fc.oneof(fc.integer({ min: 0, max: 9 }), word)),
  })
  .map((fields) => event('process', { event_dataset: 'windows.sysmon', fields: JSON.stringify(fields) }));

const modifier = fc.constantFrom('', '|contains', '|startswith', '|endswith', '|re', '|cased', '|contains|cased');
const test = fc
  .record({ field: fc.constantFrom('Image', 'CommandLine', 'User', 'ProcessId'), how: modifier, what: word })
  .map(
    ({ field, how, what }) => [`${field}${how}`, `'${(how === '|re' ? 'c.r' : what).replaceAll("'", "''")}'`] as const,
  );
const nothing = fc.constantFrom(
  ['Image', 'null'] as const,
  ['User', 'null'] as const,
  ['CommandLine|exists', 'true'] as const,
  ['Image|exists', 'false'] as const,
);
const randomRule = fc.record({
  source: fc.constantFrom(linux, windows, '{category: process_creation}', '{product: windows, service: security}'),
  tests: fc.uniqueArray(fc.oneof(test, nothing), { minLength: 1, maxLength: 2, selector: ([key]) => key }),
  condition: fc.constantFrom('s', 'not s'),
});

describe('both ways of a hunt', () => {
  it('find the same, for random rules and rows', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(linuxEvent, windowsEvent), { minLength: 1, maxLength: 12 }),
        fc.array(randomRule, { minLength: 12, maxLength: 24 }),
        fc.boolean(),
        async (rows, rules, isSealed) => {
          const events = rows.map((row, at) => ({ ...row, time: dayStart + at, evidence_at: at }));
          const texts = rules.map(({ source, tests, condition }, at) =>
            rule(`r${at}`, source, `{${tests.map(([key, wanted]) => `'${key}': ${wanted}`).join(', ')}}`).replace(
              'condition: s',
              `condition: ${condition}`,
            ),
          );
          await withHunts(
            events,
            async (ask) => {
              const { hunt: together } = await ask(texts);
              const byTitle = new Map(together.matched.map(({ title, matches }) => [title, matches]));
              for (const [at, text] of texts.entries()) {
                const { hunt: alone } = await ask([text]);
                expect([text, byTitle.get(`r${at}`)]).toEqual([text, alone.matched[0]?.matches]);
              }
            },
            { isSealed },
          );
        },
      ),
      { numRuns: 6 },
    );
  }, 120_000);

  it('find the same by rules of Falco', async () => {
    const events = [
      ...['/etc/shadow', '/etc/cron.d/x', '/tmp/a'].map((path, at) =>
        event('file_access', {
          time: dayStart + at,
          evidence_at: at,
          event_action: at === 1 ? 'write' : 'read',
          file_path: path,
          process_name: at === 2 ? null : 'cat',
          process_command_line: `cat ${path}`,
        }),
      ),
      start('curl x', 9),
    ];
    const conditions = [
      'evt.type = openat and fd.name = /etc/shadow',
      'evt.type in (open, openat) and evt.is_open_write = true',
      'not proc.name in (cat)',
      'proc.name exists',
      'proc.args contains "/etc"',
      'fd.directory = /etc/cron.d',
      'evt.type = execve and proc.cmdline startswith curl',
    ];
    const texts = Array.from({ length: 14 }, (_none, at) => {
      const condition = conditions[at % conditions.length] ?? '';
      return `- rule: r${at}\n  desc: d\n  condition: ${condition}\n  output: o\n  priority: WARNING\n`;
    });
    await withHunts(
      events,
      async (ask) => {
        const { hunt: together, scanned } = await ask([texts.join('')]);
        expect(scanned.length).toBeGreaterThan(0);
        const byTitle = new Map(together.matched.map(({ title, matches }) => [title, matches]));
        for (const [at, text] of texts.slice(0, conditions.length).entries()) {
          const alone = await ask([text]);
          expect(alone.scanned).toEqual([]);
          expect([text, byTitle.get(`r${at}`)]).toEqual([text, alone.hunt.matched[0]?.matches]);
        }
        expect(byTitle.size).toBeGreaterThan(10);
      },
      { language: falco },
    );
  });
});
